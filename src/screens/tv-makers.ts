import type { RuleSet } from './rules.ts'

/** What single makers and operators of televisions, sticks and boxes write. */
export const tvMakers: RuleSet = {
  class: 'constrained',
  kind: 'tv',
  rules: [
    {
      // Web0S is spelt with a zero. A bare "webOS/" is an old Palm or HP phone.
      pattern: /Web0S|webOS\.?TV|\(WebOS; Linux|\bNetCast\b|\bLG Browser\/|\bPBRM\/|;LGE ;|LGSmartTV/i,
      brand: 'LG',
      why: 'LG televisions say Web0S, NetCast or LG Browser',
    },
    {
      // A bare "Tizen" may be a phone, a watch or a refrigerator.
      pattern:
        /\bTizen\b[^()]{0,40}\)[^()]{0,40}\([^()]{0,40}\)[^()]{0,120}\bTV\b|\bMaple ?(?:20\d\d|[456]\.)|SamsungTV\/|samsung-agent\//i,
      brand: 'Samsung',
      why: 'Samsung televisions say Maple, or Tizen together with TV',
    },
    {
      pattern:
        /\bBRAVIA\b|SonyDTV|SonyCEBrowser|SonyBDP|SonyBrowserCore|BDPlayer;|\bNSZ-G[SX]|LocationFreeTV|sony\.hbbtv|\bKDL-?\d\d/i,
      brand: 'Sony',
      why: 'Sony televisions and players say BRAVIA, SonyDTV or SonyCEBrowser',
    },
    {
      pattern: /\bViera\b|DIGAPlus|; ?Diga;|\bPANATV\d|avdn\/Panasonic/i,
      brand: 'Panasonic',
      why: 'Panasonic televisions and recorders say Viera or Diga',
    },
    {
      pattern: /\bNETTV\/|Philips-?TV\b|PHILIPS-AVM|\bPHILIPS_OLS/i,
      brand: 'Philips',
      why: 'Philips televisions say NETTV or PhilipsTV',
    },
    { pattern: /NETRANGE|;visionos;/i, why: 'it opens the NetRange portal of televisions' },
    {
      pattern: /\bVIDAA\b|Model\/Hisense|\(;?Hisense;/i,
      brand: 'Hisense',
      why: 'Hisense televisions say VIDAA',
    },
    { pattern: /\bVSTVB\b|Model\/Vestel/i, brand: 'Vestel', why: 'Vestel televisions say VSTVB' },
    {
      // Amazon names every Fire TV model AFT…; it is an English word only in AFTER.
      pattern: /[;( ]AFT(?!ER)[A-Z0-9]{1,14}\b|; Kepler \d/,
      brand: 'Amazon',
      why: 'Fire TV models begin with AFT',
    },
    {
      pattern: /\bCrKey\b|\bGoogle ?TV\b|\bChromecast\b/i,
      brand: 'Google',
      why: 'Chromecast and Google TV name themselves',
    },
    { pattern: /\bRoku\w{0,8}\/|\(Roku\b/i, brand: 'Roku', why: 'Roku names itself' },
    { pattern: /\bVIZIO\b|\bSmartCast\b/i, brand: 'Vizio', why: 'Vizio televisions name themselves' },
    { pattern: /\bApple ?TV|\btvOS\b/i, brand: 'Apple', why: 'Apple TV names itself' },
    {
      pattern: /\bMAG ?\d{3}\b|stbapp/i,
      brand: 'Infomir',
      why: 'MAG set-top boxes give their model and say stbapp',
    },
    {
      pattern: /\bKreaTV|\bAmino ?[A-Z]?\d|\bAmiNET|\bHumax|\bLoewe\b|\bFreebox\b|\bBoxee\b|\bDuneHD\/|\bDreambox\b/i,
      why: 'it names a maker of set-top boxes or televisions',
    },
    {
      // With word boundaries: Positivo and Atractivo are phones.
      pattern:
        /\bTiVo\b|\bWebTV\/|\bSky_(?:STB|OTT)|\(Sky, |\bAstro;|\bolleh tv\b|\bYouView|\bGW-Device\b|VirginMedia|\bCoolita\b|tclwebkit/i,
      why: 'it names a television service or the box of an operator',
    },
    {
      // Not after a letter: "STB" is also inside the names of phones.
      pattern: /(?:^|[^A-Za-z])STB(?![A-Za-z])|\b[Ss]et-?[Tt]op/,
      why: 'it says STB, for set-top box',
    },
    {
      pattern: /\bEC\d{4}V\d|Resolution\(PAL|\bEnseo\/|\bTechnicolor_|Aplix_SANYO/i,
      why: 'it gives the model of an IPTV or hotel box',
    },
  ],
}
