import { randomBytes } from 'node:crypto'

/** Somebody who lives in the contract's Home Assistant, as its own list says it. */
export type HomeUser = {
  id: string
  name: string | null
  is_owner: boolean
  is_active: boolean
  local_only: boolean
  system_generated: boolean
  group_ids: string[]
}

/** A refresh token and what came of it. */
export type Grant = { id: string; userId: string; clientId: string; token: string; access: string[] }

/** All that a Home Assistant remembers, as far as the contract goes. */
export type HomeState = {
  users: HomeUser[]
  /** By the name that signs in. */
  credentials: Map<string, { userId: string; password: string }>
  /** Names that there ever were. */
  everCreated: string[]
  /** Users who are asked for a second factor. */
  factors: Set<string>
  flows: Map<string, { clientId: string; from: string }>
  codes: Map<string, { userId: string; clientId: string; username: string }>
  grants: Grant[]
  /** From the id to what it is for. */
  webhooks: Map<string, string>
  /** How often somebody has asked for them. */
  webhooksListed: number
  /** Bearers that were checked at `/api/`, in order. */
  checked: string[]
  /** Calls of webhooks, by id. */
  hooked: string[]
}

export const hex = (bytes = 16): string => randomBytes(bytes).toString('hex')

export function createState(): HomeState {
  return {
    users: [],
    credentials: new Map(),
    everCreated: [],
    factors: new Set(),
    flows: new Map(),
    codes: new Map(),
    grants: [],
    webhooks: new Map(),
    webhooksListed: 0,
    checked: [],
    hooked: [],
  }
}

/** Somebody moves in. */
export function addUser(state: HomeState, name: string, more: Partial<HomeUser> = {}): HomeUser {
  const user = {
    id: hex(),
    name,
    is_owner: false,
    is_active: true,
    local_only: false,
    system_generated: false,
    group_ids: ['system-users'],
    ...more,
  }
  state.users.push(user)
  return user
}

/** A name and a password of their own. */
export function addPassword(state: HomeState, user: HomeUser, username: string, password: string): void {
  state.credentials.set(username, { userId: user.id, password })
}

/** New tokens for somebody. */
export function grant(state: HomeState, userId: string, clientId: string): Grant {
  const made: Grant = { id: hex(), userId, clientId, token: hex(64), access: [] }
  state.grants.push(made)
  access(made)
  return made
}

/** An access token: a JWT whose issuer is the refresh token (A.3). */
export function access(granted: Grant): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwt = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: granted.id, exp: 4e9 })}.${randomBytes(32).toString('base64url')}`
  granted.access.push(jwt)
  return jwt
}

/** Whose access token it is; nobody's where its user is switched off. */
export function userOf(state: HomeState, token: string | undefined): HomeUser | undefined {
  const held = state.grants.find(({ access: all }) => token !== undefined && all.includes(token))
  return state.users.find(({ id, is_active }) => id === held?.userId && is_active)
}

/** Ends a refresh token; whoever is connected by it is cut off by the server. */
export function revoke(state: HomeState, token: string): Grant | undefined {
  const at = state.grants.findIndex((one) => one.token === token)
  return at < 0 ? undefined : state.grants.splice(at, 1)[0]
}

export const isAdmin = (user: HomeUser): boolean => user.is_owner || user.group_ids.includes('system-admin')

/** A code that somebody has got on its own page. */
export function grantCode(state: HomeState, userId: string, clientId: string): string {
  const code = hex()
  const [username = ''] = [...state.credentials].find(([, one]) => one.userId === userId) ?? []
  state.codes.set(code, { userId, clientId, username })
  return code
}
