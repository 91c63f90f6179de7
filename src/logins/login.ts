import type { Place } from '../lib/place.ts'
import {
  type Is,
  isDevice,
  isIdentity,
  isListOf,
  isNumber,
  isObject,
  isOneOf,
  isPlace,
  isText,
  maybe,
} from '../lib/shape.ts'
import type { Identity } from '../provider/provider.ts'
import type { Device } from '../screens/device.ts'
import type { Invitation } from './invitation.ts'

/**
 * A login in progress on a screen: what asks, what it wants, who may be asked, and how far it has come. Only
 * `reduce` changes one; the store's swap makes each change happen once. Times are ms since the epoch.
 */
export type Login = {
  id: string
  /** What asks. Client, native app and "more time" come later. */
  asks: 'screen'
  /** Who may say yes. */
  askedOf: 'anyone'
  app: string
  /** Path and query that the screen first asked for. */
  target: string
  device: Device
  place: Place
  /** HMAC of the secret in the screen's cookie; the secret itself is nowhere. */
  binding: string
  /** The key version that the session's secret will be derived under. */
  keyVersion: number
  startedAt: number
  /** Silent renewal counts from here; a press or waking up starts it anew. */
  waitingSince: number
  /** At most two, the newest last: the one on the screen, and the one a phone may still hold. */
  invitations: Invitation[]
  state: LoginState
}

/**
 * How far it has come. Times are ms since the epoch. `under`: the key of the session at the door that the yes came from, if
 * it did not come from the provider's page.
 */
export type LoginState =
  | { step: 'pending' }
  | { step: 'approved'; at: number; by: Identity; stay: Stay; under?: string }
  | { step: 'collected'; at: number; by: Identity; stay: Stay; under?: string; approvedAt: number }
  | { step: 'denied'; at: number }

const isStay: Is = (value) =>
  isObject({ kind: isOneOf('tonight', 'ours') })(value) || isObject({ kind: isOneOf('until'), at: isNumber })(value)

const isState: Is = (value) =>
  isObject({ step: isOneOf('pending') })(value) ||
  isObject({ step: isOneOf('denied'), at: isNumber })(value) ||
  isObject({ step: isOneOf('approved'), at: isNumber, by: isIdentity, stay: isStay, under: maybe(isText) })(value) ||
  isObject({ step: isOneOf('collected'), at: isNumber, by: isIdentity, stay: isStay, approvedAt: isNumber })(value)

const isInvitation = isObject({ id: isText, userCode: isText, createdAt: isNumber, expiresAt: isNumber })

/** Whether a record is a login as this version knows it; one that another version wrote otherwise counts as over. */
export const isLogin = isObject({
  id: isText,
  asks: isOneOf('screen'),
  askedOf: isOneOf('anyone'),
  app: isText,
  target: isText,
  device: isDevice,
  place: isPlace,
  binding: isText,
  keyVersion: isNumber,
  startedAt: isNumber,
  waitingSince: isNumber,
  invitations: isListOf(isInvitation),
  state: isState,
})

/** For how long the person lets the screen in. */
export type Stay = { kind: 'tonight' } | { kind: 'ours' } | { kind: 'until'; at: number }

/**
 * Why an event changed nothing. `gone`: the invitation has ended or never was. `decided`: somebody has already said yes or no. `claimed`: another
 * phone is at it. `elsewhere`: the provider's page is to be asked first. `busy`: somebody else polls, or it is too early.
 * `not-approved`, `too-late`: nothing to collect, or not any more.
 */
export type LoginRefusal = 'gone' | 'decided' | 'claimed' | 'elsewhere' | 'busy' | 'not-approved' | 'too-late'

/** The login with one of its invitations changed. */
export function replaceInvitation(login: Login, changed: Invitation): Login {
  return { ...login, invitations: login.invitations.map((one) => (one.id === changed.id ? changed : one)) }
}

/** `sub` means nothing without its issuer. */
export function isSamePerson(a: Pick<Identity, 'issuer' | 'sub'>, b: Pick<Identity, 'issuer' | 'sub'>): boolean {
  return a.issuer === b.issuer && a.sub === b.sub
}
