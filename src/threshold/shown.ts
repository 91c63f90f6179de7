import { createHash } from 'node:crypto'
import type { Invitation } from '../logins/invitation.ts'

/** What the page has been shown: names an invitation without telling its id. */
export const seenOf = (invitation: Invitation): string =>
  `${tagOf(invitation)}${invitation.opened === undefined ? '' : '-opened'}`

/** Names the picture of its QR, without telling its id either. */
export const tagOf = (invitation: Invitation): string =>
  createHash('sha256').update(`qr ${invitation.id}`).digest('base64url').slice(0, 16)

/** What the QR holds: the short link at the door, in upper case so that it packs into a small code. */
export const linkOf = (doorOrigin: string, invitation: Invitation): string =>
  `${doorOrigin}/d/${invitation.id}`.toUpperCase()
