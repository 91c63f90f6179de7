import { foldCase } from '../lib/fold-case.ts'
import type { Identity } from '../provider/provider.ts'
import type { SessionKind } from '../sessions/session.ts'
import type { Link, Links } from './links.ts'
import type { AppUser, RecipePeople } from './recipe.ts'

/** What the operator says about who is who inside one app. */
export type SignInRules = {
  /** From an e-mail address or a `sub` to an id or a name in the app. */
  users: Readonly<Record<string, string>>
  createUsers: boolean
  /** Whether screens may get accounts that administer the app. */
  screenAdmin: boolean
}

/** Somebody's account in the app for a session of a kind, or why there is none. */
export type WhoInside = { user: AppUser; link: Link } | { failed: 'not-linked' | 'admin' | 'disabled' }

/** Finds, and where the rules say so makes, a person's account in one app. Rejects while the app cannot be asked. */
export async function whoInside(
  app: string,
  person: Identity,
  kind: SessionKind,
  { rules, links, people }: { rules: SignInRules; links: Links; people: RecipePeople },
): Promise<WhoInside> {
  const link = (await byConfig()) ?? (await links.get(app, person)) ?? (await byCreation())
  return link === undefined ? { failed: 'not-linked' } : accountOf(link, kind, { rules, people })

  /** A name in the config is looked up once; what it meant then stays, whoever is called so later. */
  async function byConfig(): Promise<Link | undefined> {
    const written = writtenFor(person, rules.users)
    if (written === undefined) return undefined
    const before = await links.get(app, person)
    if (before?.written === written) return before
    const found = (await people.byId(written)) ?? (await people.byName(written))
    if (found === undefined) return undefined
    const made = await links.make(app, person, {
      userId: found.id,
      name: found.name,
      admin: found.admin,
      how: 'config',
      written,
    })
    return made === 'taken' ? undefined : made
  }

  async function byCreation(): Promise<Link | undefined> {
    return rules.createUsers ? links.once(app, person, create) : undefined
  }

  /** Of two screens that come at once, one makes the account. */
  async function create(): Promise<Link | undefined> {
    const before = await links.get(app, person)
    if (before !== undefined) return before
    const made = await people.create(person.name)
    const linked = await links.make(app, person, { userId: made.id, name: made.name, how: 'created' })
    return linked === 'taken' ? undefined : linked
  }
}

/** The account that a link comes to for a session of a kind. */
export async function accountOf(
  link: Link,
  kind: SessionKind,
  { rules, people }: { rules: SignInRules; people: RecipePeople },
): Promise<WhoInside> {
  const own = await people.byId(link.userId)
  const withheld = own?.admin === true && kind !== 'browser' && !rules.screenAdmin
  const user = withheld && link.screens !== undefined ? await people.byId(link.screens.userId) : own
  if (user === undefined) return { failed: 'not-linked' }
  if (user.disabled) return { failed: 'disabled' }
  // SECURITY: a screen in the living room is everybody's. Test: a screen's session never gets an account that administers the app
  if (withheld && user.admin) return { failed: 'admin' }
  return { user, link }
}

/** What the operator wrote for this person: by `sub`, or by a verified e-mail address in any case, which alone has an `@`. */
export function writtenFor(person: Identity, users: SignInRules['users']): string | undefined {
  // SECURITY(replace: !person.sub.includes('@') && → ): some providers let people choose what they are called, and take it for `sub`. Test: a sub that is spelled like somebody's address makes nobody that person
  if (!person.sub.includes('@') && Object.hasOwn(users, person.sub)) return users[person.sub]
  const email = person.email && foldCase(person.email)
  const key = email && Object.keys(users).find((one) => foldCase(one) === email)
  return key === undefined || key === '' ? undefined : users[key]
}
