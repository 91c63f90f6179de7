import type { Place } from '../lib/place.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Device } from '../screens/device.ts'

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

/** A link and a code that lead a phone to this login. Neither can collect anything. */
export type Invitation = {
  /** In the QR, 16 characters of base 32. */
  id: string
  /** On the screen, 8 letters of base 20. */
  userCode: string
  createdAt: number
  expiresAt: number
  /** The first phone that opened it, by a hash of its cookie. */
  opened?: { by: string; at: number }
  /** The phone that pressed a button; nobody else can decide while it holds. */
  claimed?: { by: string; at: number }
}

export type LoginState =
  | { step: 'pending' }
  | { step: 'approved'; at: number; by: Identity; stay: Stay }
  | { step: 'collected'; at: number; by: Identity; stay: Stay; approvedAt: number }
  | { step: 'denied'; at: number }

/** For how long the person lets the screen in. */
export type Stay = { kind: 'tonight' } | { kind: 'ours' } | { kind: 'until'; at: number }

export type LoginEvent =
  | { kind: 'retargeted'; target: string }
  | { kind: 'renewed'; invitation: Invitation }
  /** A press on the screen, after denial or after waiting too long. */
  | { kind: 'restarted'; invitation: Invitation }
  | { kind: 'opened'; invitation: string; phone: string }
  | { kind: 'claimed'; invitation: string; phone: string }
  | { kind: 'approved'; invitation: string; phone: string; by: Identity; stay: Stay }
  | { kind: 'denied'; invitation: string; phone: string }
  | { kind: 'collected' }

/**
 * `gone`: the invitation has ended or never was. `decided`: somebody has already said yes or no. `claimed`:
 * another phone is at it. `not-approved`, `too-late`: nothing to collect, or not any more.
 */
export type LoginRefusal = 'gone' | 'decided' | 'claimed' | 'not-approved' | 'too-late'

export type Reduced = { login: Login } | { refused: LoginRefusal }

/** The one place where a login changes. Pure. */
export function reduce(login: Login, event: LoginEvent, now: number): Reduced {
  switch (event.kind) {
    case 'retargeted':
      if (login.state.step !== 'pending') return { refused: 'decided' }
      return { login: { ...login, target: event.target } }
    case 'renewed':
      if (login.state.step !== 'pending') return { refused: 'decided' }
      // Of two that renew at once, the second finds nothing to do; otherwise they would push out the code in somebody's hand.
      if (screenState(login, now).show !== 'renew') return { login }
      return { login: withInvitation(login, event.invitation, now) }
    case 'restarted':
      if (login.state.step === 'approved' || login.state.step === 'collected') return { refused: 'decided' }
      return { login: { ...restarted(login, event.invitation, now), state: { step: 'pending' }, waitingSince: now } }
    case 'opened':
      return onInvitation(login, event, now, (invitation) => ({
        ...login,
        invitations: replace(login, { ...invitation, opened: invitation.opened ?? { by: event.phone, at: now } }),
      }))
    case 'claimed':
      return onInvitation(login, event, now, (invitation) => ({
        ...login,
        invitations: replace(login, { ...invitation, claimed: { by: event.phone, at: now } }),
      }))
    case 'approved':
      return onInvitation(login, event, now, () => ({
        ...login,
        state: { step: 'approved', at: now, by: event.by, stay: event.stay },
      }))
    case 'denied':
      return onInvitation(login, event, now, () => ({ ...login, state: { step: 'denied', at: now } }))
    case 'collected':
      return collect(login, now)
  }
}

function onInvitation(
  login: Login,
  event: { kind: string; invitation: string; phone: string },
  now: number,
  change: (invitation: Invitation) => Login,
): Reduced {
  const invitation = login.invitations.find((one) => one.id === event.invitation)
  if (invitation === undefined) return { refused: 'gone' }
  if (login.state.step !== 'pending') return { refused: 'decided' }
  // SECURITY: a code that has ended approves nothing. Test: U13: an approval after the code has ended is refused
  if (!isAlive(invitation, event.phone, now)) return { refused: 'gone' }
  // SECURITY: whoever pressed first decides. Test: U7: while one phone decides, another can neither approve nor deny
  if (event.kind !== 'opened' && isClaimedByOther(invitation, event.phone, now)) return { refused: 'claimed' }
  return { login: change(invitation) }
}

function collect(login: Login, now: number): Reduced {
  const { state } = login
  if (state.step === 'approved') {
    if (now > state.at + times.collect) return { refused: 'too-late' }
    return { login: { ...login, state: { ...state, step: 'collected', at: now, approvedAt: state.at } } }
  }
  if (state.step === 'collected') {
    // Asking again after a lost answer changes nothing and is answered alike.
    return now > state.at + times.collect ? { refused: 'too-late' } : { login }
  }
  return { refused: 'not-approved' }
}

/** Whether `phone` can still use it: until its end, and for the phone that opened it a while longer. */
export function isAlive(invitation: Invitation, phone: string, now: number): boolean {
  if (now < invitation.expiresAt) return true
  return invitation.opened?.by === phone && now < invitation.opened.at + times.openedCode
}

function isClaimedByOther(invitation: Invitation, phone: string, now: number): boolean {
  const { claimed } = invitation
  return claimed !== undefined && claimed.by !== phone && now < claimed.at + times.press
}

function withInvitation(login: Login, invitation: Invitation, now: number): Login {
  const last = login.invitations.at(-1)
  // Waking up after a long sleep is a new wait; a screen that stayed on goes on counting.
  const slept = last !== undefined && now > last.expiresAt + times.asleep && now > openUntil(last) + times.asleep
  return {
    ...login,
    invitations: [...login.invitations.slice(-1), invitation],
    waitingSince: slept ? now : login.waitingSince,
  }
}

function restarted(login: Login, invitation: Invitation, now: number): Login {
  // SECURITY: a link that was answered with no stays answered. Test: U7: a no holds for its link, also when the screen asks again
  if (login.state.step === 'denied') return { ...login, invitations: [invitation] }
  return withInvitation(login, invitation, now)
}

const replace = (login: Login, changed: Invitation) =>
  login.invitations.map((one) => (one.id === changed.id ? changed : one))

const openUntil = (invitation: Invitation) =>
  invitation.opened === undefined ? 0 : invitation.opened.at + times.openedCode

/** What the screen should show now. `due` is the time at which a waiting screen wants a new code. */
export type ScreenState =
  | { show: 'waiting' | 'opened'; invitation: Invitation; due: number }
  /** Its code has run out: renew silently, or, after waiting too long, only on a press. */
  | { show: 'renew' | 'tired' }
  | { show: 'denied' }
  | { show: 'go' }
  | { show: 'over' }

/** Derives what the screen shows. Pure. */
export function screenState(login: Login, now: number): ScreenState {
  const { state } = login
  if (state.step === 'denied') return { show: 'denied' }
  if (state.step === 'approved' || state.step === 'collected') {
    return now > state.at + times.collect ? { show: 'over' } : { show: 'go' }
  }
  const invitation = login.invitations.at(-1)
  if (invitation === undefined) return { show: 'renew' }
  if (invitation.opened !== undefined && now < openUntil(invitation)) {
    return { show: 'opened', invitation, due: openUntil(invitation) }
  }
  const slept = now > Math.max(invitation.expiresAt, openUntil(invitation)) + times.asleep
  const tired = !slept && now >= login.waitingSince + times.renewFor
  const due = invitation.createdAt + times.code * times.renewAt
  if (now < due || (tired && now < invitation.expiresAt)) {
    return { show: 'waiting', invitation, due: tired || now >= due ? invitation.expiresAt : due }
  }
  return { show: tired ? 'tired' : 'renew' }
}
