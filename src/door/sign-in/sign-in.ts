import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { exactForm } from '../../http/form.ts'
import { ownHeaders, sendMessage } from '../../http/reply.ts'
import { foldInvitationId } from '../../logins/user-code.ts'
import type { DoorExchange } from '../exchange.ts'
import { isOwnPress, recognise } from '../phone.ts'
import { issueTicket } from './issue-ticket.ts'
import { leaveForProvider } from './leave.ts'

/**
 * A browser from an app's host. Signed in here already: goes straight back with a ticket (single sign-on), unless it
 * wants another account.
 */
export async function signInForApp(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const { visit: sealed, account } = request.query as { visit?: unknown; account?: unknown }
  const visit = typeof sealed === 'string' ? parts.tickets.openVisit(sealed) : undefined
  const app = visit && parts.apps.get(visit.app)
  if (typeof sealed !== 'string' || visit === undefined || app === undefined) {
    return sendMessage(reply, 400, { kind: 'ticket-ended' })
  }
  const known = await recognise(exchange)
  const next = { kind: 'visit', visit: sealed } as const
  if (account === 'other') return leaveForProvider(known, { next, chooseAccount: true })
  if (known.phone.found === undefined) return leaveForProvider(known, { next })
  const { key, session } = known.phone.found
  return issueTicket(exchange, app, visit, { identity: session.approvedBy, authTime: session.authTime }, key)
}

/** "Not you?" on the approve page: the provider's own choice of accounts, and the same code afterwards. */
export async function otherAccount(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  const id = foldInvitationId((request.params as { id: string }).id)
  const known = await recognise(exchange)
  const form = exactForm(request.body, ['token'])
  if (id === undefined || form === undefined || !isOwnPress(known, id, form.get('token'))) {
    return sendMessage(reply, 403, { kind: 'form-stale' })
  }
  return leaveForProvider(known, { next: { kind: 'invitation', id }, chooseAccount: true })
}
