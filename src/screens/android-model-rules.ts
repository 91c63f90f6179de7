import type { RuleSet } from './rules.ts'

/** Models that hold a television's word and are something else. */
export const notTelevisions: readonly RegExp[] = [
  // BlackBerry Priv, Huawei MediaPad, NOOK, HTC for KDDI: the letters T and V in a model code.
  /\bSTV\d{3}|\b[A-Z]TV-[A-Z]{1,2}\d\d\b|\bBNTV|\bHTV3\d/,
  // Phones with a tuner, in Brazil and Asia above all.
  /\bDTV\b|Joy TV|\bDROIDZ\b|\bTV FOR\b|\bTV Mobile\b/i,
  // Tablets and phones whose name ends in a box word.
  /Turbox|Runbo|VirtualBox/i,
]

export const handheldNames: RuleSet = {
  class: 'constrained',
  kind: 'console',
  rules: [
    { pattern: /\bRetroid\b/i, brand: 'Retroid', why: 'the model is a Retroid handheld' },
    {
      // RugGear phones are called RG500, RG650 and RG850: no letter after the number, and it ends in 0 or is above 600.
      pattern: /\bAnbernic\b|\bRG ?[345]\d[1-9][A-Z]{0,2}\b|\bRG ?[345]\d\d[A-Z]{1,2}\b|\bRG ?(?:Cube|DS|Slide)\b/i,
      brand: 'Anbernic',
      why: 'the model is an Anbernic handheld',
    },
    {
      pattern: /^(?:AYN )?Odin ?(?:\d|Lite|Pro|Base|M\d|$)|\bAYN\b/i,
      brand: 'AYN',
      why: 'the model is an AYN handheld',
    },
    { pattern: /\bAYA ?NEO\b/i, brand: 'AYANEO', why: 'the model is an AYANEO handheld' },
    { pattern: /\bGPD\b/i, brand: 'GPD', why: 'the model is a GPD handheld' },
    { pattern: /\bLogitech G\b|\bG Cloud\b|^GR0006$/i, brand: 'Logitech', why: 'the model is the Logitech G Cloud' },
    { pattern: /\bRazer Edge\b/i, brand: 'Razer', why: 'the model is the Razer Edge' },
    { pattern: /^(?:NVIDIA )?SHIELD(?: Portable)?$/i, brand: 'Nvidia', why: 'the model is the Shield handheld' },
    {
      pattern:
        /\bGame ?(?:pad|stick|console|boy|box)\d?\b|\bOUYA\b|\bJXD\b|\bPowkiddy\b|\bM\.O\.J\.O\b|^FUNC TITAN|\bWikipad\b/i,
      why: 'the model is a game console that runs Android',
    },
  ],
}

export const tvWords: RuleSet = {
  class: 'constrained',
  kind: 'tv',
  rules: [
    {
      // TV as a word, at the end of one ("SmartTV", "ATV", "OTTTV"), or with a number or "box" behind it.
      pattern: /(?:^|[^A-Za-z])TV(?![A-Za-z])|[A-Za-z]TV(?![A-Za-z])|\btv\b/,
      // LG-H222TV and the like are phones with a tuner.
      unless: /\d{3}TV/,
      why: 'the model says TV',
    },
    { pattern: /\btvbox|smart ?tv|android ?tv|google ?tv/i, why: 'the model says TV' },
  ],
}

export const boxNames: RuleSet = {
  class: 'constrained',
  kind: 'tv',
  rules: [
    {
      pattern: /BOX(?![A-Za-z])/i,
      why: 'the model says Box',
    },
    { pattern: /\bSTICK\b|\bDongle\b/i, why: 'the model says Stick' },
    { pattern: /(?:^|[^A-Za-z])(?:STB|OTT|IPTV|DVB)(?![a-z])/, why: 'the model says STB, OTT or IPTV' },
    { pattern: /Projector|\bBeamer\b|\bXGIMI\b|\bJMGO\b/i, why: 'the model is a projector' },
    { pattern: /\bShell\b/i, why: 'Shell is the system of MStar television boards' },
    {
      pattern: /\bChromecast\b|\bNexus Player\b|\bADT-\d\b|\bStreamer\b/i,
      brand: 'Google',
      why: 'the model is a Google streamer',
    },
    { pattern: /\bBRAVIA\b/i, brand: 'Sony', why: 'the model says BRAVIA' },
    {
      pattern: /^(?:TPM|QM|QV)\d{3}[A-Z]?\b|^AND\dE\b/,
      brand: 'Philips',
      why: 'TPM, QM and QV are the boards of Philips televisions',
    },
  ],
}

/** Television-like by the shape of the model alone. Tablets can look like this too, so it is a choice, not a verdict. */
export const tvGuesses: RuleSet = {
  class: 'uncertain',
  kind: 'tv',
  rules: [
    {
      pattern: /(?:^|[^A-Za-z])(?:UHD|4K|8K|[QOU]?LED)(?![a-z])|(?:^|[^A-Za-z\d])FHD\b|LED\d\d/,
      unless: /\bTab|\bPad|\bYoga/i,
      why: 'the model speaks of the panel of a television (UHD, 4K, LED)',
    },
    {
      // Two digits, then letters: phones and tablets that begin with a digit go on with more digits.
      pattern: /^(?:2[248]|3[129]|4[02389]|5[0358]|6[05]|7[057]|8[0256]|98)[A-Z]{1,5}[- ]?\w*\d/,
      why: 'the model begins with the size of a television in inches',
    },
    {
      pattern:
        /(?<![-\w])S9[012][25][A-Z]?\d?\b|\bAmlogic\b|\bMSD\d{4}|\bMT(?:5[3-9]|9[26])\d\d|\bRTD\d{4}|\bHi37\d\d|\bV\d{3}DJ\d/i,
      why: 'the model is the chip of a television or box',
    },
    {
      pattern:
        /\b(?:Media|Dream|DVD|Video|Net) ?Player\b|\bMedia ?Cent(?:er|re)\b|\bDecoder\b|\bMini ?PC\b|\bHome ?(?:Cinema|Theat)/i,
      why: 'the model calls itself a player for a television',
    },
    {
      pattern:
        /^(?:X96|X88|H96|A95X|HK1|MXQ|T95)|^TX[2-9]\b|\bMECOOL\b|\bUGOOS\b|\bZIDOO\b|\bMINIX\b|\bTanix\b|\bBeelink\b|\bMBOX\b/i,
      why: 'the model is of a family of Android boxes',
    },
  ],
}

export const tvBuild: RuleSet = {
  class: 'constrained',
  kind: 'tv',
  rules: [
    {
      // AOSP build numbers: first letter = release (O = 8 … V = 15), second = branch, T is the television's.
      pattern: /Build\/[O-V]T(?:[A-Z]?[A-Z0-9]?\.\d{6}|[;)])/,
      why: 'its build number is from the television branch of Android',
    },
  ],
}
