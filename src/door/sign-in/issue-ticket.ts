import type { FastifyReply } from 'fastify'
import { leadTo } from '../../http/reply.ts'
import type { Person, Visit } from '../../sessions/tickets.ts'
import type { App } from '../../traffic/app.ts'
import type { DoorExchange } from '../exchange.ts'

/** Leads the browser back to the app's host with a ticket. `under`: the key of the person's session at the door. */
export async function issueTicket(
  { parts, reply }: DoorExchange,
  app: App,
  visit: Visit,
  person: Person,
  under: string,
): Promise<FastifyReply> {
  const ticket = await parts.tickets.issue(visit, person, under)
  return leadTo(reply, `${app.origin}/.entryphone/auth/ticket?t=${ticket}`)
}
