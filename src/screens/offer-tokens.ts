import type { RuleSet } from './rules.ts'

/** Screens with a keyboard of a kind: they get a choice instead of the QR page. */
export const offerTokens: readonly RuleSet[] = [
  {
    class: 'uncertain',
    kind: 'headset',
    rules: [
      {
        // Not the bare model: QUMO sells phones called Quest.
        pattern:
          /OculusBrowser|PicoBrowser|\bWolvic\b|; ?(?:Meta )?Quest(?: \d\w?| Pro)?\)|\bMobile VR\b|\bVR Safari\//,
        why: 'its browser is made for a headset',
      },
      {
        pattern: /; ?Pico (?:\d|Neo|G\d)|\bGlass \d Build\/|\bHololens\b|\bVive (?:Focus|Flow)/i,
        why: 'it is a headset',
      },
    ],
  },
  {
    class: 'uncertain',
    kind: 'ereader',
    rules: [
      { pattern: /\bKindle(?:\/\d| SkipStone)/, brand: 'Amazon', why: 'Kindle e-readers name themselves' },
      { pattern: /\bKobo (?:Touch|eReader)/, brand: 'Kobo', why: 'Kobo e-readers name themselves' },
      { pattern: /\bPocketBook\/\d/, brand: 'PocketBook', why: 'PocketBook e-readers name themselves' },
      { pattern: /\btolino\b/i, brand: 'tolino', why: 'tolino e-readers name themselves' },
      { pattern: /\bNOOK\b|\bBN[RT]V\d/i, brand: 'Barnes & Noble', why: 'NOOK e-readers name themselves' },
      { pattern: /\bEBRD\d{4}/, brand: 'Sony', why: 'it has the model number of a Sony Reader' },
      { pattern: /\bBOOX\b|\breMarkable\b|\bbookeen\b|\bIriver ; EB/i, why: 'it names a maker of e-readers' },
    ],
  },
  {
    class: 'uncertain',
    kind: 'signage',
    rules: [
      {
        pattern: /\bBrightSign\/|\bADAPI\/\d|\bSSSP\b|\bIAdea\b|\bXogo\b/,
        why: 'it is a player for signs and notices',
      },
    ],
  },
  {
    class: 'uncertain',
    kind: 'console',
    rules: [
      {
        pattern: /Valve Steam Tenfoot/,
        brand: 'Steam',
        why: 'it is Steam in Big Picture, on a PC that may be without a keyboard',
      },
    ],
  },
  {
    class: 'uncertain',
    kind: 'smart-display',
    rules: [
      { pattern: /; AE[OK][A-Z]{2}[A-Za-z]{0,6}[;) ]/, brand: 'Amazon', why: 'Echo Show models begin with AEO or AEK' },
      { pattern: /[( ]Fuchsia[;)]/, brand: 'Google', why: 'Fuchsia is the system of Nest Hub displays' },
      { pattern: /\bFamily ?Hub\b/, brand: 'Samsung', why: 'it is the screen in the door of a refrigerator' },
    ],
  },
  {
    class: 'uncertain',
    kind: 'watch',
    rules: [
      {
        // "SmartWatch(" is a phone's browser that mirrors to a watch.
        pattern:
          /\bwatchOS\b|(?:Android|Tizen)[^()]{0,100}\b(?:SM-[RL]\d|SM-V700|(?:Zen|Smart)?Watch\b(?!\()|Gear Live|Moto 360)/,
        why: 'it is a watch',
      },
    ],
  },
]
