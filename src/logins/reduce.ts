import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Invitation } from './invitation.ts'
import { isAlive, isClaimedByOther, sleptThrough } from './invitation.ts'
import { isSamePerson, type Login, type LoginRefusal, replaceInvitation, type Stay } from './login.ts'
import type { GrantEvent } from './provider-grant.ts'
import { reduceGrant } from './provider-grant.ts'
import { screenState } from './screen-state.ts'

/** All that can happen to a login. `invitation` in an event of the phone is its id, `phone` the hash of its cookie. */
export type LoginEvent =
  | { kind: 'retargeted'; target: string }
  | { kind: 'renewed'; invitation: Invitation }
  /** A press on the screen, after denial or after waiting too long. */
  | { kind: 'restarted'; invitation: Invitation }
  | { kind: 'opened'; invitation: string; phone: string }
  | { kind: 'claimed'; invitation: string; phone: string }
  /** "Approve here instead": the provider is not asked any more. */
  | { kind: 'taken-here'; invitation: string; phone: string }
  /** `under`: the key of the person's session at the door. */
  | { kind: 'approved'; invitation: string; phone: string; by: Identity; stay: Stay; under?: string | undefined }
  | { kind: 'denied'; invitation: string; phone: string }
  | { kind: 'collected' }
  | GrantEvent

/** The login as the event leaves it, the same one when nothing changes, or why the event does not count. */
export type Reduced = { login: Login } | { refused: LoginRefusal }

/** The one place where a login changes. Pure. */
export function reduce(login: Login, event: LoginEvent, now: number): Reduced {
  switch (event.kind) {
    case 'retargeted':
      if (login.state.step !== 'pending') return { refused: 'decided' }
      return { login: event.target === login.target ? login : { ...login, target: event.target } }
    case 'renewed':
      if (login.state.step !== 'pending') return { refused: 'decided' }
      // Of two that renew at once, the second finds nothing to do; otherwise they would push out the code in somebody's hand.
      if (screenState(login, now).show !== 'renew') return { login }
      return { login: withInvitation(login, event.invitation, now) }
    case 'restarted':
      if (login.state.step === 'approved' || login.state.step === 'collected') return { refused: 'decided' }
      return { login: { ...restarted(login, event.invitation, now), state: { step: 'pending' }, waitingSince: now } }
    case 'opened':
      // Whoever looks again changes nothing, so that nobody can make the replicas talk by looking.
      return onInvitation(login, event, now, (invitation) =>
        invitation.opened !== undefined
          ? login
          : replaceInvitation(login, { ...invitation, opened: { by: event.phone, at: now } }),
      )
    case 'claimed':
      return onInvitation(login, event, now, (invitation) =>
        replaceInvitation(login, { ...invitation, claimed: { by: event.phone, at: now } }),
      )
    case 'taken-here':
      return onInvitation(login, event, now, ({ providerGrant, providerFailed, ...invitation }) =>
        providerGrant === undefined && providerFailed === undefined ? login : replaceInvitation(login, invitation),
      )
    case 'approved':
      return onInvitation(login, event, now, (invitation) => approve(login, invitation, event, now))
    case 'denied':
      return onInvitation(login, event, now, () => ({ ...login, state: { step: 'denied', at: now } }))
    case 'collected':
      return collect(login, now)
    case 'leased':
    case 'polled':
      return reduceGrant(login, event, now)
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
  const waitsForProvider = invitation.providerGrant !== undefined && invitation.providerGrant.vouchedBy === undefined
  // SECURITY: where the provider is to be asked, our page approves only after a press on "Approve here instead". Test: the provider way: our page approves nothing before the provider has, or before it is chosen
  if (event.kind === 'approved' && (waitsForProvider || invitation.providerFailed)) return { refused: 'elsewhere' }
  return { login: change(invitation) }
}

function approve(
  login: Login,
  { providerGrant }: Invitation,
  { by, stay, under }: { by: Identity; stay: Stay; under?: string | undefined },
  now: number,
): Login {
  const yes = { step: 'approved', at: now, by, ...(under !== undefined && { under }) } as const
  if (providerGrant?.vouchedBy === undefined) return { ...login, state: { ...yes, stay } }
  // SECURITY: the approvals there and here are one person's, or none. Test: the provider way: an approval here by another person than there is a no
  if (!isSamePerson(providerGrant.vouchedBy, by)) return { ...login, state: { step: 'denied', at: now } }
  return { ...login, state: { ...yes, stay: { kind: 'tonight' } } }
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

function withInvitation(login: Login, invitation: Invitation, now: number): Login {
  const last = login.invitations.at(-1)
  // Waking up after a long sleep is a new wait; a screen that stayed on goes on counting.
  const slept = last !== undefined && sleptThrough(last, now)
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
