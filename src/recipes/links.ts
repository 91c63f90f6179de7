import { isDeepStrictEqual } from 'node:util'
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
  /** A link by the config counts as long as the config says the same. */
  get(app: string, person: Identity): Promise<Link | undefined>
  /**
   * Links somebody. `taken`: the app's user is somebody else's already, and only the operator may share one. An own link
   * is replaced.
   */
  make(app: string, person: Identity, link: Omit<Link, 'at' | 'person'>): Promise<Link | 'taken'>
  /** Gives somebody who is linked the account for their screens; false when they are not linked. */
  setScreens(app: string, person: Identity, screens: NonNullable<Link['screens']>): Promise<boolean>
  remove(app: string, person: Identity): Promise<void>
  /** Somebody has signed in anew: from now on what the provider says of them now counts, and not what it said before. */
  describe(app: string, person: Identity): Promise<void>
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
  /** Whether that user administered the app then: for what is offered to people, never for what they may. */
  admin?: boolean
  /** `config`: the operator says so. `proved`: they have shown it. `created`: made for them. */
  how: 'config' | 'proved' | 'created'
  /** What the config said when it was resolved. */
  written?: string
  /** The ordinary account that their screens get, where their own administers the app. */
  screens?: { userId: string; name: string }
  /** As the provider described them when they last signed in. */
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
  /** What the operator says now of somebody in an app. */
  written(app: string, person: Identity): string | undefined
}

const FOR_EVER = 10 * times.device

/** The links of all apps. */
export function createLinks({ clock, keyring, records, users, written }: LinksParts): Links {
  const personKey = (app: string, { issuer, sub }: Identity) => JSON.stringify([app, issuer, sub])
  const linkIds = (app: string, person: Identity) => keyring.deriveAll('link', personKey(app, person))
  const userIds = (app: string, id: string) => keyring.deriveAll('app user', JSON.stringify([app, id]))
  const isSame = (one: Identity, other: Identity) => one.issuer === other.issuer && one.sub === other.sub
  const until = () => clock.now() + FOR_EVER

  /** Enters somebody among those who are this user; false when somebody else is and may not share. */
  async function enter(app: string, userId: string, person: Identity, shared: boolean): Promise<boolean> {
    // What the operator has taken back keeps nobody out. Whoever is about to be linked has none of those.
    const former: Identity[] = []
    for (const one of (await users.find(userIds(app, userId)))?.value ?? [])
      if (isTakenBack(app, one, (await records.find(linkIds(app, one)))?.value)) former.push(one)
    return users.change(userIds(app, userId), (list = []) => {
      const others = list.filter((one) => ![person, ...former].some((gone) => isSame(one, gone)))
      // SECURITY: two people who race for one account there are not both let in. Test: of two people who race for one account, one gets it
      if (others.length > 0 && !shared) return undefined
      return { value: [...others, person], expiresAt: until() }
    })
  }

  async function leave(app: string, userId: string, person: Identity): Promise<void> {
    await users.change(userIds(app, userId), (list) => {
      const rest = list?.filter((one) => !isSame(one, person))
      return rest?.length === 0 ? 'removed' : rest && { value: rest, expiresAt: until() }
    })
  }

  async function get(app: string, person: Identity): Promise<Link | undefined> {
    const link = (await records.find(linkIds(app, person)))?.value
    // SECURITY(replace: isTakenBack(app, person, link) → false): what the operator has taken back, or said of another address, would last for ever. Test: whoever the config names no more, or otherwise, is linked no more
    return isTakenBack(app, person, link) ? undefined : link
  }

  function isTakenBack(app: string, person: Identity, link: Link | undefined): boolean {
    return link?.how === 'config' && link.written !== written(app, person)
  }

  async function personsOf(app: string, userId: string): Promise<Identity[]> {
    const listed = (await users.find(userIds(app, userId)))?.value ?? []
    const all = await Promise.all(listed.map(async (person) => ({ person, link: await get(app, person) })))
    return all.flatMap(({ person, link }) => (link?.userId === userId ? [person] : []))
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
    get,
    async make(app, person, link) {
      if (!(await enter(app, link.userId, person, link.how === 'config'))) return 'taken'
      const made: Link = { ...link, person, at: clock.now() }
      let former = link.userId
      await records.change(linkIds(app, person), (before) => {
        former = before?.userId ?? link.userId
        return { value: made, expiresAt: until() }
      })
      if (former !== link.userId) await leave(app, former, person)
      return made
    },
    setScreens: (app, person, screens) =>
      records.change(linkIds(app, person), (before) => before && { value: { ...before, screens }, expiresAt: until() }),
    async remove(app, person) {
      const before = await records.find(linkIds(app, person))
      if (before === undefined) return
      await records.remove(before)
      await leave(app, before.value.userId, person)
    },
    async describe(app, person) {
      const link = (await records.find(linkIds(app, person)))?.value
      if (link === undefined) return
      const isOutdated = (one: Identity) => isSame(one, person) && !isDeepStrictEqual(one, person)
      // SECURITY: without a session it is by this description that `allow` is judged. Test: what the provider says of a person counts from the next sign-in on, for what they hold without a session too
      await users.change(userIds(app, link.userId), (list) =>
        list?.some(isOutdated)
          ? { value: list.map((one) => (isOutdated(one) ? person : one)), expiresAt: until() }
          : undefined,
      )
      await records.change(linkIds(app, person), (before) =>
        before && isOutdated(before.person) ? { value: { ...before, person }, expiresAt: until() } : undefined,
      )
    },
    personsOf,
  }
}
