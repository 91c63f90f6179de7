import type { Screen, ScreenClass, ScreenKind } from './screen.ts'

/** One thing a user agent can say, and what it means. Patterns must stay free of nested quantifiers. */
export type Rule = {
  readonly pattern: RegExp
  /** When this also matches, the rule does not speak. */
  readonly unless?: RegExp
  /** The maker, when the rule alone gives it away. */
  readonly brand?: string
  /** Completes the sentence "because …". Stable: people will search for it. */
  readonly why: string
}

/** Rules that all lead to the same answer. Their order is the order in which they are asked. */
export type RuleSet = {
  readonly class: ScreenClass
  readonly kind: ScreenKind
  readonly rules: readonly Rule[]
}

/** The answer of the first rule that speaks, or undefined. `text` must already be cut to a bounded length. */
export function firstAnswer(sets: readonly RuleSet[], text: string): Screen | undefined {
  for (const set of sets) {
    for (const rule of set.rules) {
      if (rule.pattern.test(text) && !rule.unless?.test(text)) {
        return { class: set.class, kind: set.kind, brand: rule.brand ?? '', why: rule.why }
      }
    }
  }
  return undefined
}
