import { times } from '../lib/times.ts'
import type { Invitation } from './invitation.ts'
import { openUntil, sleptThrough } from './invitation.ts'
import type { Login } from './login.ts'

/** What a screen should show. `due`: when a waiting screen wants to look again. */
export type ScreenState =
  | { show: 'waiting' | 'opened'; invitation: Invitation; due: number }
  /** Its code has run out: renew silently, or, after waiting too long, only on a press. */
  | { show: 'renew' | 'tired' }
  | { show: 'denied' }
  | { show: 'go' }
  | { show: 'over' }

/** Derives what the screen shows now. Pure. */
export function screenState(login: Login, now: number): ScreenState {
  const { state } = login
  if (state.step === 'denied') return { show: 'denied' }
  if (state.step === 'approved' || state.step === 'collected') {
    return now > state.at + times.collect ? { show: 'over' } : { show: 'go' }
  }
  const invitation = login.invitations.at(-1)
  if (invitation === undefined) return { show: 'renew' }
  return invitation.providerGrant === undefined ? ownCode(login, invitation, now) : providersCode(invitation, now)
}

function ownCode(login: Login, invitation: Invitation, now: number): ScreenState {
  if (now < openUntil(invitation)) return { show: 'opened', invitation, due: openUntil(invitation) }
  const tired = !sleptThrough(invitation, now) && now >= login.waitingSince + times.renewFor
  const due = invitation.createdAt + times.code * times.renewAt
  if (now < due || (tired && now < invitation.expiresAt)) {
    return { show: 'waiting', invitation, due: tired || now >= due ? invitation.expiresAt : due }
  }
  return { show: tired ? 'tired' : 'renew' }
}

/** Never renewed silently: each code costs the provider a request, and RFC 8628 §3.1 wants a person to ask for it. */
function providersCode(invitation: Invitation, now: number): ScreenState {
  if (now >= invitation.expiresAt) return { show: 'tired' }
  const show = invitation.opened === undefined ? 'waiting' : 'opened'
  return { show, invitation, due: invitation.expiresAt }
}
