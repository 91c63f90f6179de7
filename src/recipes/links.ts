import type { Clock } from '../lib/clock.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'

/**
 * Who somebody is inside an app, pinned as (issuer, sub) → the app's own id of a user. Names are looked at once, when
 * the operator writes one; whoever is renamed later stays who they are.
 */
export interface Links {
  get(app: string, person: Identity): Promise<Link | undefined>
  /**
   * Links somebody. `taken`: the app's user is somebody else's already, and only the operator may share one. An own link
   * is replaced.
   */
  make(app: string, person: Identity, link: Omit<Link, 'at' | 'person'>): Promise<Link | 'taken'>
  /** Gives somebody who is linked the account for their screens; false when they are not linked. */
  setScreens(app: string, person: Identity, screens: NonNullable<Link['screens']>): Promise<boolean>
  remove(app: string, person: Identity): Promise<void>
  /** Does `work` for somebody, unless it is under way for them here already: then its result is theirs. */
  once(app: string, person: Identity, work: () => Promise<Link | undefined>): Promise<Link | undefined>
  /** Everybody who is this user there, first come first. */
  personsOf(app: string, userId: string): Promise<Identity[]>
}

/** One person inside one app. */
export type Link = {
  userId: string
  /** As the app called them then; for people to read, never to match by. */
  name: string
  /** `config`: the operator says so. `proved`: they have shown it. `created`: made for them. */
  how: 'config' | 'proved' | 'created'
  /** What the config said when it was resolved. */
  written?: string
  /** The ordinary account that their screens get, where their own administers the app. */
  screens?: { userId: string; name: string }
  /** As the provider described them last. */
  person: Identity
  at: number
}

/** What links are kept in. */
export type LinksParts = {
  clock: Clock
  keyring: Keyring
  records: Records<Link>
  /** From an app's user to everybody who is that user. */
  users: Records<Identity[]>
}

const FOR_EVER = 10 * times.device

/** The links of all apps. */
export function createLinks({ clock, keyring, records, users }: LinksParts): Links {
  const personKey = (app: string, { issuer, sub }: Identity) => JSON.stringify([app, issuer, sub])
  const userKey = (app: string, id: string) => JSON.stringify([app, id])
  const isSame = (one: Identity, other: Identity) => one.issuer === other.issuer && one.sub === other.sub
  const until = () => clock.now() + FOR_EVER

  async function held<T>(drawer: Records<T>, purpose: string, text: string) {
    for (const id of keyring.deriveAll(purpose, text)) {
      const found = await drawer.get(id)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Enters somebody among those who are this user; false when somebody else is and may not share. */
  async function enter(app: string, userId: string, person: Identity, shared: boolean): Promise<boolean> {
    for (;;) {
      const list = await held(users, 'app user', userKey(app, userId))
      const others = (list?.value ?? []).filter((one) => !isSame(one, person))
      // SECURITY: two people who race for one account there are not both let in. Test: of two people who race for one account, one gets it
      if (others.length > 0 && !shared) return false
      const all = [...others, person]
      if (list === undefined) {
        if (await users.create(keyring.derive('app user', userKey(app, userId)), all, until())) return true
      } else if (await users.swap(list, all, until())) return true
    }
  }

  async function leave(app: string, userId: string, person: Identity): Promise<void> {
    for (;;) {
      const list = await held(users, 'app user', userKey(app, userId))
      if (list === undefined) return
      const rest = list.value.filter((one) => !isSame(one, person))
      if (rest.length === 0 ? await users.remove(list) : await users.swap(list, rest, until())) return
    }
  }

  const underWay = new Map<string, Promise<Link | undefined>>()
  function once(app: string, person: Identity, work: () => Promise<Link | undefined>): Promise<Link | undefined> {
    const key = personKey(app, person)
    const known = underWay.get(key)
    if (known !== undefined) return known
    const begun = work().finally(() => underWay.delete(key))
    underWay.set(key, begun)
    return begun
  }

  return {
    once,
    get: async (app, person) => (await held(records, 'link', personKey(app, person)))?.value,
    async make(app, person, link) {
      if (!(await enter(app, link.userId, person, link.how === 'config'))) return 'taken'
      const made: Link = { ...link, person, at: clock.now() }
      for (;;) {
        const before = await held(records, 'link', personKey(app, person))
        if (before === undefined) {
          if (await records.create(keyring.derive('link', personKey(app, person)), made, until())) return made
        } else if (await records.swap(before, made, until())) {
          if (before.value.userId !== link.userId) await leave(app, before.value.userId, person)
          return made
        }
      }
    },
    async setScreens(app, person, screens) {
      for (;;) {
        const before = await held(records, 'link', personKey(app, person))
        if (before === undefined) return false
        if (await records.swap(before, { ...before.value, screens }, until())) return true
      }
    },
    async remove(app, person) {
      const before = await held(records, 'link', personKey(app, person))
      if (before === undefined) return
      await records.remove(before)
      await leave(app, before.value.userId, person)
    },
    personsOf: async (app, userId) => (await held(users, 'app user', userKey(app, userId)))?.value ?? [],
  }
}
