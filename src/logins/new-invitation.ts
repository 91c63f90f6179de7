import { times } from '../lib/times.ts'
import type { WayTaken } from '../provider/way.ts'
import type { Invitation } from './invitation.ts'
import { newInvitationId, newUserCode } from './user-code.ts'

/** A link and a code that begin at `now`: ours, or the provider's where it issued one. */
export function newInvitation(taken: WayTaken, now: number): Invitation {
  const id = newInvitationId()
  if (taken.way === 'provider') {
    const { grant, mustApproveHere } = taken
    const providerGrant = { grant, mustApproveHere, nextPollAt: now + grant.intervalMs, serverErrors: 0, silences: 0 }
    return { id, userCode: grant.userCode, createdAt: now, expiresAt: grant.expiresAt, providerGrant }
  }
  const own: Invitation = { id, userCode: newUserCode(), createdAt: now, expiresAt: now + times.code }
  return taken.way === 'failed' ? { ...own, providerFailed: true } : own
}
