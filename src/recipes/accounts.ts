import type { Identity } from '../provider/provider.ts'
import type { SessionKind } from '../sessions/session.ts'
import type { Links } from './links.ts'
import type { AppUser, Recipe, RecipePeople } from './recipe.ts'
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
  /**
   * Somebody has shown that an account there is theirs: takes it as their own, or for their screens. `taken`: it is
   * somebody else's. `admin`: it administers the app, and is no account for screens. `not-linked`: there is none of their own.
   */
  take(
    person: Identity,
    user: AppUser,
    use: AccountUse,
  ): Promise<'taken-on' | 'taken' | 'admin' | 'disabled' | 'not-linked'>
}

/** Whose sign-ins an account is for: the person's own, or those of their screens. */
export type AccountUse = 'own' | 'screens'

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
      async take(person, user, use) {
        if (user.disabled) return 'disabled'
        const { id: userId, name } = user
        if (use === 'own') {
          const made = await links.make(app, person, { userId, name, how: 'proved' })
          return made === 'taken' ? 'taken' : 'taken-on'
        }
        if (user.admin) return 'admin'
        return (await links.setScreens(app, person, { userId, name })) ? 'taken-on' : 'not-linked'
      },
    })
  }
  return all
}
