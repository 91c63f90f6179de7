import type { Identity } from '../provider/provider.ts'
import type { SessionKind } from '../sessions/session.ts'
import type { Links } from './links.ts'
import type { Recipe, RecipePeople } from './recipe.ts'
import type { SignInSettings } from './registry.ts'
import { type SignInRules, type WhoInside, whoInside, writtenFor } from './who-inside.ts'

/** The accounts that people have in one app, as our pages ask for them. */
export type Accounts = {
  people: RecipePeople
  rules: SignInRules
  /** See `whoInside`. With `look` nobody is made. Rejects while the app cannot be asked. */
  find(person: Identity, kind: SessionKind, look?: 'look'): Promise<WhoInside>
  /** Whether the operator says who this person is there. */
  isWritten(person: Identity): boolean
}

/** Those of every app that has a list of people and signs them in, by its name in the config. */
export function createAccounts(
  recipes: ReadonlyMap<string, Recipe>,
  settings: ReadonlyMap<string, { signIn: SignInSettings | undefined }>,
  links: Links,
): ReadonlyMap<string, Accounts> {
  const all = new Map<string, Accounts>()
  for (const [app, { people }] of recipes) {
    const rules = settings.get(app)?.signIn?.rules
    if (people === undefined || rules === undefined) continue
    const looking = { ...rules, createUsers: false }
    all.set(app, {
      people,
      rules,
      find: (person, kind, look) => whoInside(app, person, kind, { rules: look ? looking : rules, links, people }),
      isWritten: (person) => writtenFor(person, rules.users) !== undefined,
    })
  }
  return all
}
