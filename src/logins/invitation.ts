import { times } from '../lib/times.ts'
import type { PendingGrant } from '../provider/device-grant.ts'
import type { Identity } from '../provider/provider.ts'

/** A link and a code that lead a phone to a login. Neither can collect anything. Times are ms since the epoch. */
export type Invitation = {
  /** In the QR, 16 characters of base 32. */
  id: string
  /** As the screen shows it: ours, eight letters of base 20, 4-4; or the provider's, as it wrote it. */
  userCode: string
  createdAt: number
  expiresAt: number
  /** The first phone that opened it, by a hash of its cookie. */
  opened?: { by: string; at: number }
  /** The phone that pressed a button; nobody else can decide while it holds. */
  claimed?: { by: string; at: number }
  /** While the provider's page asks (RFC 8628), and the waiting screen polls it. Gone once "Approve here instead" is pressed. */
  providerGrant?: ProviderGrant
  /** The provider should have asked and could not; somebody has to choose to approve here. */
  providerFailed?: true
}

/** A code of the provider's, as far as it has been polled. */
export type ProviderGrant = {
  grant: PendingGrant
  /** The provider is not known to ask, so the same person has to approve on our page as well. */
  mustApproveHere: boolean
  nextPollAt: number
  /** Whoever holds it asks the provider; nobody else does until it ends. */
  lease?: { owner: string; until: number }
  /** How often in a row the provider broke down on our question. */
  serverErrors: number
  /** How often in a row it could not be reached. */
  silences: number
  /** Who approved there, while the approval here is still to come. */
  vouchedBy?: Identity
}

/** Whether `phone` can still use it: until its end, and a code of ours, for the phone that opened it, a while longer. */
export function isAlive(invitation: Invitation, phone: string, now: number): boolean {
  if (now < invitation.expiresAt) return true
  // The provider keeps no code alive for anybody, and the screen shows it no more.
  if (invitation.providerGrant !== undefined) return false
  return invitation.opened?.by === phone && now < openUntil(invitation)
}

/** Whether another phone has pressed a button lately. */
export function isClaimedByOther({ claimed }: Invitation, phone: string, now: number): boolean {
  return claimed !== undefined && claimed.by !== phone && now < claimed.at + times.press
}

/** Until when the phone that has it open keeps the screen from changing its code; 0 while nobody has. */
export function openUntil({ opened }: Invitation): number {
  return opened === undefined ? 0 : opened.at + times.openedCode
}

/** Whether the screen was off when it ran out: nobody polled, so nobody renewed. */
export function sleptThrough(invitation: Invitation, now: number): boolean {
  return now > Math.max(invitation.expiresAt, openUntil(invitation)) + times.asleep
}
