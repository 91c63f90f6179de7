import type { Log } from '../../lib/log.ts'
import type { Place } from '../../lib/place.ts'
import { AppFault } from '../app-fault.ts'
import type { AppAnswer, AppRoad } from '../app-road.ts'
import type { AppUser } from '../recipe.ts'
import { type Begun, plainId, readBegun, readJson, readSignedIn, readUser, type SignedIn } from './answers.ts'
import { type Self, sayDevice } from './says.ts'

/**
 * All that Entryphone ever asks of a Jellyfin. This is the one module that holds its API key, which is worth all of
 * Jellyfin. Everything rejects with an `AppFault` while it cannot be asked, says nonsense, or will not.
 */
export interface JellyfinClient {
  users(): Promise<AppUser[]>
  user(id: string): Promise<AppUser | undefined>
  createUser(name: string, password: string): Promise<AppUser | 'name-taken'>
  /** Quick Connect, from its code to its token (Jellyfin: QuickConnectController.cs). */
  begin(self: Self): Promise<Begun>
  approve(code: string, userId: string): Promise<'approved' | 'ended' | 'refused'>
  isApproved(secret: string): Promise<boolean>
  redeem(secret: string): Promise<SignedIn | undefined>
  /** By name and password, from `place`. */
  byPassword(name: string, password: string, self: Self, place: Place): Promise<SignedIn | undefined>
  /** Whose token this is. `key`: nobody's, it may do everything. */
  whose(token: string, place: Place): Promise<{ kind: 'user'; user: AppUser } | { kind: 'key' | 'nobody' }>
  /** Ends a token; false when there is none such (any more). */
  logOut(token: string): Promise<boolean>
  /** Takes all tokens from a device, if they are all of this user. */
  removeDevice(deviceId: string, userId: string): Promise<void>
  /** What it answers, whatever that is: for `check`, and for what it says on its login page. */
  look(at: LookedAt): Promise<{ status: number; json: unknown }>
}

type LookedAt = 'branding' | 'publicInfo' | 'info' | 'keys' | 'network' | 'enabled'

/** The table of operations: nothing else is ever sent with the key. */
const operations = {
  users: ['GET', '/Users'],
  user: ['GET', '/Users/'],
  createUser: ['POST', '/Users/New'],
  begin: ['POST', '/QuickConnect/Initiate'],
  beginOld: ['GET', '/QuickConnect/Initiate'],
  isApproved: ['GET', '/QuickConnect/Connect'],
  approve: ['POST', '/QuickConnect/Authorize'],
  redeem: ['POST', '/Users/AuthenticateWithQuickConnect'],
  byPassword: ['POST', '/Users/AuthenticateByName'],
  whose: ['GET', '/Users/Me'],
  logOut: ['POST', '/Sessions/Logout'],
  devices: ['GET', '/Devices'],
  removeDevice: ['DELETE', '/Devices'],
  branding: ['GET', '/Branding/Configuration'],
  publicInfo: ['GET', '/System/Info/Public'],
  info: ['GET', '/System/Info'],
  keys: ['GET', '/Auth/Keys'],
  network: ['GET', '/System/Configuration/network'],
  enabled: ['GET', '/QuickConnect/Enabled'],
} as const

type Operation = keyof typeof operations

/** What is added to an operation. `as` says who asks: nobody, with the key, or whoever holds a token. */
type Ask = {
  segment?: string
  query?: Readonly<Record<string, string>>
  body?: object
  as: { authorization: string } | undefined
  place?: Place
}

/** Asks over `road`. Without a key, what needs one is refused before anything is sent. */
export function createJellyfinClient(road: AppRoad, apiKey: string | undefined, log: Log): JellyfinClient {
  const nobody = undefined
  const self = (device: Self) => ({ authorization: sayDevice(device) })
  const holder = (token: string) => ({ authorization: `MediaBrowser Token="${token}"` })

  async function ask(operation: Operation, { segment = '', query, body, as, place }: Ask): Promise<AppAnswer> {
    const [method, path] = operations[operation]
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
    const answer = road.ask({
      method,
      path: `${path}${encodeURIComponent(segment)}${search}`,
      headers: {
        accept: 'application/json',
        ...as,
        // Rules of its own look at where somebody is.
        ...(place && { 'x-forwarded-for': place.address }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const { status, ...rest } = await answer.catch(() => {
      throw new AppFault('app-down', operation)
    })
    if (status >= 500 && operation !== 'approve') throw new AppFault('app-down', operation)
    return { status, ...rest }
  }

  /** With the key: whatever says that it does not suffice is told, with what to do. */
  async function askWithKey(operation: Operation, more: Omit<Ask, 'as'>): Promise<AppAnswer> {
    const answer = apiKey === undefined ? undefined : await ask(operation, { ...more, as: holder(apiKey) })
    if (answer !== undefined && answer.status !== 401 && answer.status !== 403) return answer
    if (answer?.status === 403 && operation === 'approve') return answer
    log.warn('jellyfin_refuses', { operation, status: answer?.status, remedy: remedyOf(operation) })
    throw new AppFault('app-refuses', operation)
  }

  /** What is read of an answer, or the fault that it makes no sense. */
  function sense<Value>(operation: Operation, value: Value | undefined): Value {
    if (value === undefined) throw new AppFault('app-down', operation)
    return value
  }

  return {
    async users() {
      const { status, body } = await askWithKey('users', {})
      const list = status === 200 ? readJson(body) : undefined
      return sense('users', Array.isArray(list) ? list.flatMap((one) => readUser(one) ?? []) : undefined)
    },
    async user(id) {
      if (!/^[0-9a-f]{32}$/.test(plainId(id))) return undefined
      const { status, body } = await askWithKey('user', { segment: plainId(id) })
      return status === 404 || status === 400 ? undefined : sense('user', readUser(readJson(body)))
    },
    async createUser(name, password) {
      const { status, body } = await askWithKey('createUser', { body: { Name: name, Password: password } })
      return status === 400 ? 'name-taken' : sense('createUser', readUser(readJson(body)))
    },
    async begin(device) {
      const first = await ask('begin', { as: self(device) })
      // POST alone from 12.0 on, GET alone before 10.9.
      const old = first.status === 405 || first.status === 404
      const { status, body } = old ? await ask('beginOld', { as: self(device) }) : first
      if (status === 401) {
        log.warn('jellyfin_refuses', { operation: 'begin', status, remedy: remedyOf('begin') })
        throw new AppFault('app-refuses', 'begin')
      }
      return sense('begin', status === 200 ? readBegun(readJson(body)) : undefined)
    },
    async approve(code, userId) {
      const { status } = await askWithKey('approve', { query: { code, userId } })
      if (status === 200) return 'approved'
      // It is approved already, or unknown.
      return status === 404 || status === 500 ? 'ended' : 'refused'
    },
    async isApproved(secret) {
      const { status, body } = await ask('isApproved', { query: { secret }, as: nobody })
      return status === 200 && (readJson(body) as { Authenticated?: unknown } | undefined)?.Authenticated === true
    },
    async redeem(secret) {
      const { status, body } = await ask('redeem', { body: { Secret: secret }, as: nobody })
      return status === 200 ? sense('redeem', readSignedIn(readJson(body))) : undefined
    },
    async byPassword(name, password, device, place) {
      const sent = { body: { Username: name, Pw: password }, as: self(device), place }
      const { status, body } = await ask('byPassword', sent)
      return status === 200 ? sense('byPassword', readSignedIn(readJson(body))) : undefined
    },
    async whose(token, place) {
      const { status, body } = await ask('whose', { as: holder(token), place })
      if (status === 401 || status === 403) return { kind: 'nobody' }
      // An API key has no user.
      if (status === 400) return { kind: 'key' }
      return { kind: 'user', user: sense('whose', status === 200 ? readUser(readJson(body)) : undefined) }
    },
    async logOut(token) {
      const { status } = await ask('logOut', { as: holder(token) })
      if (status === 401 || status === 404) return false
      return sense('logOut', status >= 200 && status < 300 ? true : undefined)
    },
    async removeDevice(deviceId, userId) {
      const { status, body } = await askWithKey('devices', {})
      const items = (status === 200 ? (readJson(body) as { Items?: unknown } | undefined)?.Items : undefined) as
        | { Id?: unknown; LastUserId?: unknown }[]
        | undefined
      const there = sense('devices', Array.isArray(items) ? items : undefined).filter(({ Id }) => Id === deviceId)
      const isTheirs = there.every(({ LastUserId }) => plainId(String(LastUserId)) === plainId(userId))
      if (there.length > 0 && isTheirs) await askWithKey('removeDevice', { query: { id: deviceId } })
    },
    async look(at) {
      const { status, body } = await ask(at, { as: apiKey === undefined ? nobody : holder(apiKey) })
      return { status, json: readJson(body) }
    },
  }
}

function remedyOf(operation: Operation): string {
  if (operation === 'begin') return 'switch Quick Connect on in Jellyfin: Dashboard, General, Enable Quick Connect'
  return 'make a new API key in Jellyfin (Dashboard, API Keys) and put it where sign_in.api_key_file says'
}
