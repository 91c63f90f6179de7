import { createHash } from 'node:crypto'
import { SECOND } from '../lib/clock.ts'
import { times } from '../lib/times.ts'

/** The cookies that we own on one authority. Apps never see them and cannot set them. */
export type CookieNames = {
  /** The session of this host. */
  session: string
  /** Binds a pending login, a ticket or a sign-in at the door to the browser that began it. */
  binding: string
  /** "by phone" or "here", chosen by the person at this device. */
  way: string
  /** Says that somebody has let this device in before; opens nothing. */
  known: string
}

/**
 * Cookie names for an authority. On https they carry the `__Host-` prefix (RFC 6265bis §4.1.3.2), so that no
 * sibling host can set them. Browsers share cookies between the ports of a host, so a port is part of the name; on
 * plain http it is a hash of the authority.
 */
export function cookieNames(secure: boolean, authority: string): CookieNames {
  const port = /:(\d+)$/.exec(authority)?.[1]
  const stem = secure
    ? `__Host-entryphone${port === undefined ? '' : `-${port}`}`
    : `entryphone-${createHash('sha256').update(authority).digest('hex').slice(0, 8)}`
  return { session: stem, binding: `${stem}-login`, way: `${stem}-way`, known: `${stem}-known` }
}

/** Whether a cookie name is ours under any scheme or authority, in any letter case. */
export function isOurCookie(name: string): boolean {
  return /^(__host-|__secure-)?entryphone(-|$)/i.test(name.trim())
}

/**
 * The value of `name` in a Cookie header. Undefined when it is absent, doubled with different values (somebody
 * tossed one in) or not one of our own shapes.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  let found: string | undefined
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue
    const value = part.slice(equals + 1).trim()
    if (!/^[A-Za-z0-9._-]{1,200}$/.test(value)) return undefined
    if (found !== undefined && found !== value) return undefined
    found = value
  }
  return found
}

/** Attributes of a cookie of ours; `lifeMs` 0 deletes it. */
export type CookieOptions = {
  path: '/'
  httpOnly: true
  /** SameSite=None is rejected outright by Chromium 51-66, which televisions still run. */
  sameSite: 'lax'
  secure: boolean
  /** Seconds. Both this and `expires`, for old engines. */
  maxAge: number
  expires: Date
}

/** No cookie outlives `times.device`, whatever is asked for. */
export function cookieOptions(lifeMs: number, now: number, secure: boolean): CookieOptions {
  const maxAge = Math.floor(Math.min(lifeMs, times.device) / SECOND)
  const expires = new Date(maxAge === 0 ? 0 : now + maxAge * SECOND)
  return { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge, expires }
}
