import { createHash } from 'node:crypto'
import type { Asked, Holder, Recipe, RecipeGate, Rule } from '../../src/recipes/recipe.ts'

/** A recipe with one rule of each kind, and what it has been asked. */
export type LittleRecipe = { recipe: Recipe; gate: RecipeGate; asked: Asked[]; seen: string[] }

/** What a test has the recipe do. */
export type LittleRules = {
  rules?: Readonly<Record<string, Rule>>
  holder?(token: string, asked: Asked): Holder | Promise<Holder>
}

/** Rules by `METHOD /path`; the credential is a bearer's (RFC 6750 §2.1). */
export function littleRecipe({ rules = {}, holder = () => ({ kind: 'nobody' }) }: LittleRules): LittleRecipe {
  const asked: Asked[] = []
  const seen: string[] = []
  const gate: RecipeGate = {
    ruleOf(request) {
      asked.push(request)
      return rules[`${request.head.method} ${request.target.path}`]
    },
    tokenOf({ fields }) {
      const at = fields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === 'authorization')
      return at < 0 ? undefined : /^Bearer (.+)$/.exec(fields[at + 1] ?? '')?.[1]
    },
    holderOf: holder,
  }
  return { recipe: { gate }, gate, asked, seen }
}

/** A short name for a secret, for comparing. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)
