import { SECOND } from '../lib/clock.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Invitation, ProviderGrant } from './invitation.ts'
import { type Login, type LoginRefusal, replaceInvitation } from './login.ts'

/** The part of a login's life that the provider's answers drive. */
export type GrantEvent =
  /** Somebody takes the right to ask the provider once. */
  | { kind: 'leased'; invitation: string; owner: string }
  | { kind: 'polled'; invitation: string; owner: string; answer: PollAnswer }

/**
 * What the provider said. `ended`: nothing comes of this code any more. `not-allowed`: it was approved by a person who
 * may not open the app.
 */
export type PollAnswer =
  | { kind: 'pending' | 'slow-down' | 'denied' | 'ended' | 'not-allowed' | 'server-error' | 'unreachable' }
  | { kind: 'vouched'; by: Identity }

/** Longer than one question to the provider takes; a holder that was killed is replaced then. */
const LEASE = 12 * SECOND
/** On top of the provider's interval: a poll that is early costs some providers' patience for good. */
const MARGIN = SECOND / 2
const SLOW_DOWN = 5 * SECOND
const LONGEST_SILENCE = 30 * SECOND
/** Some providers break down instead of saying no. */
const BREAKDOWNS = 3

/** When the provider may be asked again about the code on the screen; undefined when it need not be. */
export function pollDueAt(login: Login, now: number): number | undefined {
  const invitation = login.invitations.at(-1)
  if (login.state.step !== 'pending' || invitation?.providerGrant === undefined || now >= invitation.expiresAt)
    return undefined
  const { nextPollAt, lease, vouchedBy } = invitation.providerGrant
  return vouchedBy === undefined ? Math.max(nextPollAt, lease?.until ?? 0) : undefined
}

/** Applies a lease or an answer. Pure. */
export function reduceGrant(
  login: Login,
  event: GrantEvent,
  now: number,
): { login: Login } | { refused: LoginRefusal } {
  const invitation = login.invitations.find((one) => one.id === event.invitation)
  if (login.state.step !== 'pending') return { refused: 'decided' }
  if (invitation?.providerGrant === undefined || now >= invitation.expiresAt) return { refused: 'gone' }
  const { providerGrant: asked } = invitation
  if (event.kind === 'leased') {
    if (asked.vouchedBy !== undefined || now < Math.max(asked.nextPollAt, asked.lease?.until ?? 0)) {
      return { refused: 'busy' }
    }
    const lease = { owner: event.owner, until: now + LEASE }
    return { login: withGrant(login, invitation, { ...asked, lease, nextPollAt: now + pauseOf(asked) }) }
  }
  // SECURITY: the answer of somebody whose turn is over is dropped unread. Test: the provider way: an answer that comes after "Approve here instead", or after its turn, changes nothing
  if (asked.lease?.owner !== event.owner) return { refused: 'gone' }
  return { login: answered(login, invitation, asked, event.answer, now) }
}

function answered(
  login: Login,
  invitation: Invitation,
  { lease: _, ...asked }: ProviderGrant,
  answer: PollAnswer,
  now: number,
): Login {
  const heard = { ...asked, serverErrors: 0, silences: 0 }
  switch (answer.kind) {
    case 'pending':
      return withGrant(login, invitation, heard)
    case 'slow-down': {
      const grant = { ...asked.grant, intervalMs: asked.grant.intervalMs + SLOW_DOWN }
      return withGrant(login, invitation, { ...heard, grant, nextPollAt: now + grant.intervalMs + MARGIN })
    }
    case 'vouched':
      if (!asked.mustApproveHere) {
        return { ...login, state: { step: 'approved', at: now, by: answer.by, stay: { kind: 'tonight' } } }
      }
      return withGrant(login, { ...invitation, expiresAt: now + times.openedCode }, { ...heard, vouchedBy: answer.by })
    case 'denied':
      return { ...login, state: { step: 'denied', at: now } }
    case 'ended':
      return withGrant(login, { ...invitation, expiresAt: now }, heard)
    case 'not-allowed':
      // Without an invitation the screen gets a fresh one in place, for somebody who may.
      return { ...login, invitations: [] }
    case 'server-error': {
      const serverErrors = asked.serverErrors + 1
      if (serverErrors >= BREAKDOWNS) return { ...login, state: { step: 'denied', at: now } }
      return withGrant(login, invitation, { ...asked, serverErrors })
    }
    case 'unreachable': {
      const silences = asked.silences + 1
      return withGrant(login, invitation, {
        ...asked,
        silences,
        nextPollAt: now + pauseOf({ ...asked, silences }),
      })
    }
  }
}

/** RFC 8628 §3.5: the interval, doubled with each silence. */
function pauseOf({ grant, silences }: ProviderGrant): number {
  return Math.max(grant.intervalMs, Math.min(LONGEST_SILENCE, grant.intervalMs * 2 ** silences)) + MARGIN
}

function withGrant(login: Login, invitation: Invitation, providerGrant: ProviderGrant): Login {
  return replaceInvitation(login, { ...invitation, providerGrant })
}
