/**
 * Names of makers as people say them, by what their televisions write. Licensed brands come first: a Toshiba built by
 * Hisense or Vestel names both.
 */
const makers: readonly (readonly [RegExp, string])[] = [
  [/Web0S|webOS\.?TV|\bNetCast|\bLG ?E?\b|LG Browser|LGSmartTV/, 'LG'],
  [/Samsung|\bMaple|Tizen|SMART-TV;/i, 'Samsung'],
  [/\bSony|BRAVIA|\bNSZ-G|\bKDL-?\d/i, 'Sony'],
  [/Panasonic|\bViera\b|\bDIGA|PANATV/i, 'Panasonic'],
  [/Toshiba|TSBNetTV/i, 'Toshiba'],
  [/\bSharp\b|AQUOS|08001F;DTV/i, 'Sharp'],
  [/\bTCL\b/, 'TCL'],
  [/\bThom(?:son)?\b/i, 'Thomson'],
  [/\bWe by Loewe\b|\bLoewe/i, 'Loewe'],
  [/\bGrundig\b/i, 'Grundig'],
  [/\bTelefunken\b/i, 'Telefunken'],
  [/\bBlaupunkt\b/i, 'Blaupunkt'],
  [/\bJVC\b/, 'JVC'],
  [/\bMedion\b/i, 'Medion'],
  [/\bHaier\b/i, 'Haier'],
  [/\bHitachi\b/i, 'Hitachi'],
  [/\bSanyo/i, 'Sanyo'],
  [/\bPioneer\b/i, 'Pioneer'],
  [/BANG ?&? ?OLUFSEN/i, 'Bang & Olufsen'],
  [/\bSky_?worth\b/i, 'Skyworth'],
  [/\bChanghong\b/i, 'Changhong'],
  [/\bTechniSat\b/i, 'TechniSat'],
  [/\bHumax\b/i, 'Humax'],
  [/\bArris\b/i, 'Arris'],
  [/\bTiVo\b/i, 'TiVo'],
  [/\bRoku/i, 'Roku'],
  [/\bVizio\b/i, 'Vizio'],
  [/\bMITV\b|\bMIBOX|\bXiaomi\b/i, 'Xiaomi'],
  [/\bSHIELD\b/, 'Nvidia'],
  [/\bNokia\b/i, 'Nokia'],
  [/\bSagemcom/i, 'Sagemcom'],
  [/\bTechnicolor/i, 'Technicolor'],
  [/\bMotorola\b/i, 'Motorola'],
  [/\bDuneHD\b/, 'Dune HD'],
  [/\binverto\b/i, 'Inverto'],
  [/\bGoogle Fiber\b/, 'Google Fiber'],
  [/\bOrange\b/, 'Orange'],
  [/\bSky\b|\bSky_/, 'Sky'],
  [/Philips/i, 'Philips'],
  [/\bHisense|VIDAA/i, 'Hisense'],
  [/\bArcelik\b/i, 'Arçelik'],
  [/\bVestel\b/i, 'Vestel'],
]

/** The maker that a television's user agent names, or ''. */
export function makerNamedIn(userAgent: string): string {
  return makers.find(([pattern]) => pattern.test(userAgent))?.[1] ?? ''
}
