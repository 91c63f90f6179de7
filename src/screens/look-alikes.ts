import type { RuleSet } from './rules.ts'

/**
 * Phones, computers and apps that carry a word of a television or console. Asked before everything else, so that
 * the rules after them can stay simple.
 */
export const lookAlikes: readonly RuleSet[] = [
  {
    class: 'capable',
    kind: 'app',
    rules: [
      {
        pattern: /PlayStation[^/();]{0,12}App|PlayStation ?Messages/i,
        brand: 'PlayStation',
        why: 'the PlayStation app runs on phones',
      },
      {
        pattern: /CFNetwork\/[\d.]+ Darwin/,
        unless: /Apple ?TV|tvOS|watchOS/i,
        brand: 'Apple',
        why: 'it is the network library of an app on an Apple phone, tablet or computer',
      },
    ],
  },
  {
    class: 'capable',
    kind: 'phone',
    rules: [
      {
        // Samsung names phones and tablets SM-…, except R, L and V, which are watches. Televisions have other names.
        pattern: /Tizen[^()]{0,80}\bSM-[A-KM-QS-UW-Z]\d/,
        brand: 'Samsung',
        why: 'it has the model number of a Samsung phone, whatever else it says',
      },
      {
        pattern: /\((?:iPhone|iPod)/,
        brand: 'Apple',
        why: 'it says that it is an iPhone',
      },
      {
        pattern: /Android[^()]*[; ]AFTER/,
        why: 'AFTER is a word, not the model of a Fire TV',
      },
    ],
  },
  {
    class: 'capable',
    kind: 'tablet',
    rules: [
      {
        // Some TCL televisions call themselves an iPad, and add the name of their engine.
        pattern: /\(iPad/,
        unless: /tclwebkit/i,
        brand: 'Apple',
        why: 'it says that it is an iPad',
      },
    ],
  },
  {
    class: 'capable',
    kind: 'desktop',
    rules: [
      {
        pattern: /Valve Steam GameOverlay/,
        unless: /Steam Deck/,
        brand: 'Steam',
        why: 'the Steam overlay runs in games on an ordinary PC',
      },
      {
        pattern: /Windows IoT/i,
        brand: 'Microsoft',
        why: 'Windows IoT runs on ordinary PCs and panels with a keyboard',
      },
    ],
  },
]
