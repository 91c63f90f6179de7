import { SECOND } from '../lib/clock.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Invitation, Upstream } from './invitation.ts'
import type { Login, LoginRefusal } from './login.ts'

/** The part of a login's life that the provider's answers drive. */
export type UpstreamEvent =
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
  if (login.state.step !== 'pending' || invitation?.upstream === undefined || now >= invitation.expiresAt)
    return undefined
  const { nextPollAt, lease, vouchedBy } = invitation.upstream
  return vouchedBy === undefined ? Math.max(nextPollAt, lease?.until ?? 0) : undefined
}

/** Applies a lease or an answer. Pure. */
export function reduceUpstream(
  login: Login,
  event: UpstreamEvent,
  now: number,
): { login: Login } | { refused: LoginRefusal } {
  const invitation = login.invitations.find((one) => one.id === event.invitation)
  if (login.state.step !== 'pending') return { refused: 'decided' }
  if (invitation?.upstream === undefined || now >= invitation.expiresAt) return { refused: 'gone' }
  const { upstream } = invitation
  if (event.kind === 'leased') {
    if (upstream.vouchedBy !== undefined || now < Math.max(upstream.nextPollAt, upstream.lease?.until ?? 0)) {
      return { refused: 'busy' }
    }
    const lease = { owner: event.owner, until: now + LEASE }
    return { login: withUpstream(login, invitation, { ...upstream, lease, nextPollAt: now + pauseOf(upstream) }) }
  }
  // SECURITY: the answer of somebody whose turn is over is dropped unread. Test: the provider way: an answer that comes after "Approve here instead", or after its turn, changes nothing
  if (upstream.lease?.owner !== event.owner) return { refused: 'gone' }
  return { login: answered(login, invitation, upstream, event.answer, now) }
}

function answered(
  login: Login,
  invitation: Invitation,
  { lease: _, ...upstream }: Upstream,
  answer: PollAnswer,
  now: number,
): Login {
  const heard = { ...upstream, serverErrors: 0, silences: 0 }
  switch (answer.kind) {
    case 'pending':
      return withUpstream(login, invitation, heard)
    case 'slow-down': {
      const grant = { ...upstream.grant, intervalMs: upstream.grant.intervalMs + SLOW_DOWN }
      return withUpstream(login, invitation, { ...heard, grant, nextPollAt: now + grant.intervalMs + MARGIN })
    }
    case 'vouched':
      if (!upstream.mustApproveHere) {
        return { ...login, state: { step: 'approved', at: now, by: answer.by, stay: { kind: 'tonight' } } }
      }
      return withUpstream(
        login,
        { ...invitation, expiresAt: now + times.openedCode },
        { ...heard, vouchedBy: answer.by },
      )
    case 'denied':
      return { ...login, state: { step: 'denied', at: now } }
    case 'ended':
      return withUpstream(login, { ...invitation, expiresAt: now }, heard)
    case 'not-allowed':
      // Without an invitation the screen gets a fresh one in place, for somebody who may.
      return { ...login, invitations: [] }
    case 'server-error': {
      const serverErrors = upstream.serverErrors + 1
      if (serverErrors >= BREAKDOWNS) return { ...login, state: { step: 'denied', at: now } }
      return withUpstream(login, invitation, { ...upstream, serverErrors })
    }
    case 'unreachable': {
      const silences = upstream.silences + 1
      return withUpstream(login, invitation, {
        ...upstream,
        silences,
        nextPollAt: now + pauseOf({ ...upstream, silences }),
      })
    }
  }
}

/** RFC 8628 §3.5: the interval, doubled with each silence. */
function pauseOf({ grant, silences }: Upstream): number {
  return Math.max(grant.intervalMs, Math.min(LONGEST_SILENCE, grant.intervalMs * 2 ** silences)) + MARGIN
}

function withUpstream(login: Login, invitation: Invitation, upstream: Upstream): Login {
  const changed = { ...invitation, upstream }
  return { ...login, invitations: login.invitations.map((one) => (one.id === changed.id ? changed : one)) }
}

/** `sub` means nothing without its issuer. */
export function isSamePerson(a: Identity, b: Identity): boolean {
  return a.issuer === b.issuer && a.sub === b.sub
}
