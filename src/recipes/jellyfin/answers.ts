import { isObject, isText } from '../../lib/shape.ts'
import type { AppUser } from '../recipe.ts'

/** The end of any way of signing in. */
export type SignedIn = {
  token: string
  serverId: string
  user: AppUser
  deviceId: string
  device: string
  client: string
}

/** One native app's or browser's request to be let in. */
export type Begun = { code: string; secret: string; deviceId: string; device: string; client: string }

/** Jellyfin writes its ids without hyphens and reads them with or without; compared, they are written in one way. */
export function plainId(id: string): string {
  return id.replaceAll('-', '').toLowerCase()
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(plainId(value))
const isToken = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{8,200}$/.test(value)
const isFlag = (value: unknown) => typeof value === 'boolean'
const isUser = isObject({
  Id: isId,
  Name: isText,
  Policy: isObject({ IsAdministrator: isFlag, IsDisabled: isFlag }),
})

/** A user, or undefined for anything else. */
export function readUser(json: unknown): AppUser | undefined {
  if (!isUser(json)) return undefined
  const { Id, Name, Policy } = json as UserDto
  return { id: plainId(Id), name: Name, admin: Policy.IsAdministrator, disabled: Policy.IsDisabled }
}

type UserDto = { Id: string; Name: string; Policy: { IsAdministrator: boolean; IsDisabled: boolean } }

/** An `AuthenticationResult`, or undefined for anything else. */
export function readSignedIn(json: unknown): SignedIn | undefined {
  if (!isObject({ AccessToken: isToken, ServerId: isText, User: isUser })(json)) return undefined
  const { AccessToken, ServerId, User, SessionInfo } = json as {
    AccessToken: string
    ServerId: string
    User: unknown
    SessionInfo?: { DeviceId?: unknown; DeviceName?: unknown; Client?: unknown } | null
  }
  const user = readUser(User)
  if (user === undefined) return undefined
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    token: AccessToken,
    serverId: ServerId,
    user,
    deviceId: text(SessionInfo?.DeviceId),
    device: text(SessionInfo?.DeviceName),
    client: text(SessionInfo?.Client),
  }
}

/** A `QuickConnectResult`, or undefined for anything else. */
export function readBegun(json: unknown): Begun | undefined {
  const isCode = (value: unknown) => typeof value === 'string' && /^\d{6}$/.test(value)
  if (!isObject({ Code: isCode, Secret: isToken })(json)) return undefined
  const { Code, Secret, DeviceId, DeviceName, AppName } = json as Record<string, unknown>
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    code: Code as string,
    secret: Secret as string,
    deviceId: text(DeviceId),
    device: text(DeviceName),
    client: text(AppName),
  }
}

/** An answer as JSON; undefined when it is none. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/**
 * The same of an answer to somebody else, who may have asked for small first letters (Jellyfin:
 * CamelCaseJsonProfileFormatter.cs).
 */
export function readPassing(body: Buffer): unknown {
  return inCapitals(readJson(body))
}

function inCapitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCapitals)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key.replace(/^[a-z]/, (a) => a.toUpperCase()), inCapitals(of)]),
  )
}
