import type { RuleSet } from './rules.ts'

/** Game consoles that name themselves, in a sofa or in the hand: all are slow to type on. */
export const consoleTokens: RuleSet = {
  class: 'constrained',
  kind: 'console',
  rules: [
    {
      // The boundary matters: NEXBOX is a maker of Android boxes.
      pattern: /\bXbox(?:\b|_)/i,
      brand: 'Xbox',
      why: 'it says Xbox',
    },
    {
      pattern: /PlayStation|\bPS ?Vita\b|[( ]PS[2-9][;),/]|\(PSP\b|\bPS3Application/i,
      brand: 'PlayStation',
      why: 'it says PlayStation',
    },
    {
      pattern: /\bNintendo|\bNitro\) Opera|\bWiiU?\b|\blibnup\//i,
      brand: 'Nintendo',
      why: 'it says Nintendo',
    },
    {
      pattern: /\bSteam ?Deck\b|Valve Steam Gamepad/i,
      brand: 'Steam',
      why: 'it says Steam Deck, or that Steam is used with a gamepad',
    },
    {
      pattern: /\bDreamcast\b|DreamPassport|DreamKey|SEGASATURN|\bSEGA\//i,
      brand: 'Sega',
      why: 'it is the browser of a Sega console',
    },
    {
      pattern: /\bOUYA\b|\b3DO\b|\bPlanetweb\/|AVE-Front\/[^()]{0,10}\([^()]{0,160}Category=GAME/i,
      why: 'it is the browser of a game console',
    },
  ],
}
