import type { RuleSet } from './rules.ts'

/**
 * Browsers of the car itself that say so. Radios that were put in later are Android tablets by their user agent,
 * have touch and a keyboard, and sign in as usual.
 */
export const carTokens: RuleSet = {
  class: 'constrained',
  kind: 'car',
  rules: [
    {
      // Case and digits matter: Tesla is also a maker of phones and tablets, and TeslaBrowser runs on Windows.
      pattern: /QtCarBrowser|(?:^| )Tesla\/(?:[a-z-]{1,40}-)?\d/,
      brand: 'Tesla',
      why: 'the browser of a Tesla names itself',
    },
    { pattern: /\(VCC;|\bVolvo ?Cars?\b/, brand: 'Volvo', why: 'the browser of a Volvo says VCC' },
    { pattern: /\bPolestar(?! ?Phone)/i, brand: 'Polestar', why: 'it says Polestar' },
    { pattern: /\bBYD ?AUTO\b|\bDiLink/i, brand: 'BYD', why: 'BYD cars say DiLink or BYD AUTO' },
    { pattern: /\bRivian\b/i, brand: 'Rivian', why: 'it says Rivian' },
    { pattern: /\bMBUX\b|\bMercedes-?Benz\b/i, brand: 'Mercedes-Benz', why: 'it says MBUX or Mercedes-Benz' },
    { pattern: /\bPorsche\b(?! ?Design)/i, brand: 'Porsche', why: 'it says Porsche' },
    { pattern: /\baudi_/i, brand: 'Audi', why: 'it gives the name of a system of Audi' },
    // Only between its separators and in upper case: "bmw=" is also the end of text in base64.
    { pattern: /[(;] ?BMW[;)]|\bBMW (?:iDrive|OS)\b/, brand: 'BMW', why: 'it says BMW' },
    { pattern: /\bAFT[BL][FB]?T962/, brand: 'Amazon', why: 'it is the Fire TV model that is built into cars' },
    {
      pattern: /\bAndroid Automotive\b|\bAAOS\b|\bCarPad\b|\bIn-Vehicle\b|\bIVI[;)]|\bXPENG\b|\bZEEKR\b/i,
      why: 'it says that it is built into a car',
    },
  ],
}
