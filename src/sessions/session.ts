import type { Place } from '../lib/place.ts'
import { isDevice, isIdentity, isNumber, isObject, isOneOf, isPlace, isText, maybe } from '../lib/shape.ts'
import type { Identity } from '../provider/provider.ts'
import type { Device } from '../screens/device.ts'

/**
 * Who is signed in, where, and for how long. Kept under the hash of the cookie's value, so that a copy of the
 * store signs nobody in. Times are milliseconds since the epoch.
 */
export type Session = {
  kind: SessionKind
  /** Handle for lists and forms; opens nothing. */
  ref: string
  /** The one app it opens; undefined for the door's own. */
  app?: string
  /** Rules judge this person. */
  approvedBy: Identity
  /** The app sees this one: the same person today, a household profile later. */
  actsAs: Identity
  device: Device
  /** What was chosen at approval; lists say it in words. */
  stay: 'tonight' | 'ours' | 'until' | 'browser' | 'door'
  /** Where it was begun from. */
  place: Place
  createdAt: number
  lastSeenAt: number
  idleMs: number
  absoluteUntil: number
  /** When the person last proved themselves at the provider, 0 when it did not say; of a screen, when it was let in. */
  authTime: number
  /** Set once, by `end` alone; such a record is a tombstone. */
  ended?: { at: number; reason: EndReason }
}

/** A screen that was let in, a browser signed in to one app, a browser that is known at the door, or a native app's device. */
export type SessionKind = 'screen' | 'browser' | 'door' | 'native'
/** Ended by whoever held it, by the person from their list, or by another session in its place. */
export type EndReason = 'signed-out' | 'revoked' | 'replaced'

/**
 * Whether a record is a session as this version knows it. What another version wrote otherwise opens nothing: a kind
 * or a choice that is unknown here may allow less than it seems to.
 */
export const isSession = isObject({
  kind: isOneOf('screen', 'browser', 'door', 'native'),
  ref: isText,
  app: maybe(isText),
  approvedBy: isIdentity,
  actsAs: isIdentity,
  device: isDevice,
  stay: isOneOf('tonight', 'ours', 'until', 'browser', 'door'),
  place: isPlace,
  createdAt: isNumber,
  lastSeenAt: isNumber,
  idleMs: isNumber,
  absoluteUntil: isNumber,
  authTime: isNumber,
  ended: maybe(isObject({ at: isNumber })),
})

/** Whether it still opens anything at `now`. */
export function isLive(session: Session, now: number): boolean {
  return session.ended === undefined && now < expiresAt(session)
}

/** The earlier of idle and absolute end. */
export function expiresAt(session: Session): number {
  return Math.min(session.lastSeenAt + session.idleMs, session.absoluteUntil)
}
