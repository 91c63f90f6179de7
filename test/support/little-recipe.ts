import type { Asked, Holder, RecipeGate, Rule } from '../../src/recipes/recipe.ts'

/** The gate of a recipe for a test, and what it has been asked. */
export type LittleRecipe = { gate: RecipeGate; asked: Asked[] }

/** What a test has the recipe do: rules by `METHOD /path`, and whose a bearer's credential is (RFC 6750 §2.1). */
export type LittleRules = {
  rules?: Readonly<Record<string, Rule>>
  holder?(token: string, asked: Asked): Holder | Promise<Holder>
}

export function littleRecipe({ rules = {}, holder = () => ({ kind: 'nobody' }) }: LittleRules): LittleRecipe {
  const asked: Asked[] = []
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
  return { gate, asked }
}
