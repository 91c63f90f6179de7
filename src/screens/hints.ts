import { fromModelWords } from './android-models.ts'
import { firstAnswer, type RuleSet } from './rules.ts'
import type { Screen } from './screen.ts'

/** Client hints and the app id of a web view, cut to a bounded length; '' when absent. */
export type Hints = { model: string; formFactors: string; requestedWith: string }

const formFactors: Readonly<Record<string, Screen>> = {
  // The other members (Desktop, Mobile, Tablet) say nothing about how well one can type. There is none for a TV.
  Automotive: {
    class: 'constrained',
    kind: 'car',
    brand: '',
    why: 'the browser says that it is in a car (Sec-CH-UA-Form-Factors)',
  },
  XR: {
    class: 'uncertain',
    kind: 'headset',
    brand: '',
    why: 'the browser says that it is a headset (Sec-CH-UA-Form-Factors)',
  },
  EInk: {
    class: 'uncertain',
    kind: 'ereader',
    brand: '',
    why: 'the browser says that it is electronic paper (Sec-CH-UA-Form-Factors)',
  },
  Watch: {
    class: 'uncertain',
    kind: 'watch',
    brand: '',
    why: 'the browser says that it is a watch (Sec-CH-UA-Form-Factors)',
  },
}

const appIds: readonly RuleSet[] = [
  {
    class: 'constrained',
    kind: 'tv',
    rules: [
      {
        pattern: /^com\.phlox\.tvwebbrowser|^com\.tcl\.browser|^com\.cloudmosa\.puffin\.?tv/i,
        why: 'the app is a browser for televisions (X-Requested-With)',
      },
    ],
  },
  {
    class: 'uncertain',
    kind: 'tv',
    rules: [{ pattern: /\.(?:android)?tv(?:\.|$)|leanback/i, why: 'the name of the app says TV (X-Requested-With)' }],
  },
  {
    class: 'uncertain',
    kind: 'smart-display',
    rules: [{ pattern: /^de\.ozerov\.fully/, why: 'Fully Kiosk runs on panels on a wall (X-Requested-With)' }],
  },
]

/** The members of a structured list of strings, `"Automotive", "Tablet"` (RFC 9651); parameters are left out. */
function listMembers(header: string): string[] {
  return [...header.matchAll(/"([^"\\]*)"/g)].map((member) => member[1] ?? '')
}

/** What the headers besides the user agent say, or undefined. Hints arrive over https only. */
export function fromHints(hints: Hints): Screen | undefined {
  const model = listMembers(hints.model)[0] ?? ''
  // Edge on Xbox says so here only: its user agent is that of a Windows PC.
  if (/^Xbox\b/.test(model)) {
    return { class: 'constrained', kind: 'console', brand: 'Xbox', why: 'the model hint says Xbox (Sec-CH-UA-Model)' }
  }
  for (const member of listMembers(hints.formFactors)) {
    const screen = Object.hasOwn(formFactors, member) ? formFactors[member] : undefined
    if (screen !== undefined) return screen
  }
  return (model === '' ? undefined : fromModelWords(model)) ?? firstAnswer(appIds, hints.requestedWith)
}
