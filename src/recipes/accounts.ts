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
  take(person: Identity, user: AppUser, use: AccountUse): Promise<Taken>
}

/** What has become of it. */
type Taken = 'taken-on' | 'taken' | 'fixed' | 'admin' | 'disabled' | 'not-linked'

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
    if (people !== undefined && rules !== undefined) all.set(app, accountsIn(app, { people, rules, links }))
  }
  return all
}

type Parts = { people: RecipePeople; rules: SignInRules; links: Links }

function accountsIn(app: string, { people, rules, links }: Parts): Accounts {
  const looking = { ...rules, createUsers: false }
  const find: Accounts['find'] = (person, kind, look) =>
    whoInside(app, person, kind, { rules: look ? looking : rules, links, people })
  const isWritten: Accounts['isWritten'] = (person) => writtenFor(person, rules.users) !== undefined

  async function takeAsOwn(person: Identity, { id: userId, name, admin }: AppUser): Promise<Taken> {
    // SECURITY: what the operator says is not undone by the person. Test: who somebody is by the config, they do not change by a proof
    if (isWritten(person)) {
      const found = await find(person, 'browser', 'look')
      return 'user' in found && found.user.id === userId ? 'taken-on' : 'fixed'
    }
    return (await links.make(app, person, { userId, name, admin, how: 'proved' })) === 'taken' ? 'taken' : 'taken-on'
  }

  return {
    people,
    rules,
    find,
    isWritten,
    async take(person, user, use) {
      if (user.disabled) return 'disabled'
      if (use === 'own') return takeAsOwn(person, user)
      if (user.admin) return 'admin'
      return (await links.setScreens(app, person, { userId: user.id, name: user.name })) ? 'taken-on' : 'not-linked'
    },
  }
}
