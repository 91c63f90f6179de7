import type { FastifyReply, FastifyRequest } from 'fastify'
import { exactForm } from '../http/form.ts'
import { isNavigation } from '../http/origin.ts'
import { ownHeaders, sendMessage } from '../http/reply.ts'
import { foldInvitationId } from '../logins/user-code.ts'
import { issueTicket } from './issue-ticket.ts'
import { leaveForProvider } from './leave.ts'
import type { DoorParts } from './parts.ts'
import { isOwnPress, phoneOf } from './phone.ts'

/** A browser from an app's host. Signed in here already: goes straight back with a ticket (single sign-on). */
export async function signInForApp(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const sealed = (request.query as { visit?: unknown }).visit
  const visit = typeof sealed === 'string' ? parts.tickets.openVisit(sealed) : undefined
  const app = visit && parts.apps.get(visit.app)
  if (typeof sealed !== 'string' || visit === undefined || app === undefined) {
    return sendMessage(request, reply, 400, { kind: 'ticket-ended' })
  }
  const phone = await phoneOf(parts, request, reply)
  if (phone.found === undefined) {
    return leaveForProvider(parts, request, reply, phone, { next: { kind: 'visit', visit: sealed } })
  }
  const { approvedBy, authTime } = phone.found.session
  return issueTicket(parts, reply, app, visit, { identity: approvedBy, authTime })
}

/** "Not you?" on the approve page: the provider's own choice of accounts, and the same code afterwards. */
export async function otherAccount(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const id = foldInvitationId((request.params as { id: string }).id)
  const phone = await phoneOf(parts, request, reply)
  const form = exactForm(request.body, ['token'])
  if (id === undefined || form === undefined || !isOwnPress(parts, phone, request, id, form.get('token'))) {
    return sendMessage(request, reply, 403, { kind: 'form-stale' })
  }
  return leaveForProvider(parts, request, reply, phone, { next: { kind: 'invitation', id }, chooseAccount: true })
}
