import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../http/reply.ts'
import { screenFactsOf } from '../http/screen-facts.ts'
import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import { nameDevice } from '../screens/device.ts'
import { judge } from '../sessions/allow.ts'
import { browserSession } from '../sessions/browser-session.ts'
import { cookieOptions } from '../sessions/cookies.ts'
import { readBinding } from './binding.ts'
import { notAllowed } from './collect.ts'
import type { ThresholdExchange } from './exchange.ts'
import { startLink } from './paths.ts'

/** A browser comes back from the door with a ticket: takes it and signs this host in. */
export async function useTicket(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const { t } = request.query as { t?: unknown }
  const secret = readBinding(exchange)?.secret
  const ticket = typeof t === 'string' && t.length < 100 ? await parts.tickets.take(t, app.name, secret) : undefined
  if (ticket === undefined || secret === undefined) return sendMessage(reply, 403, ticketEnded)
  // Of several tabs that began at once, this browser has kept the cookie of another: by now the way is short.
  if ('stray' in ticket) return leadTo(reply, startLink(parts.keyring, app, ticket.stray))
  // SECURITY: whoever was signed out everywhere would come back by what they had begun. Test: K12: a ticket that is on its way when everything is signed out signs nobody in
  if (await parts.sessions.wasSignedOut(ticket.under)) return sendMessage(reply, 403, ticketEnded)
  // SECURITY: whoever may not open the app gets no session for it. Test: a browser of a person who may not open the app gets no session
  if (!judge(app.allow, ticket.identity).allowed) {
    parts.log.notice('authz_fail', { app: app.name })
    const visit = parts.tickets.visit(app.name, ticket.target, secret)
    const href = `${parts.door.origin}/sign-in?visit=${visit}&account=other`
    const actions = [{ label: 'other-account', href } as const]
    return sendMessage(reply, 403, { ...notAllowed(app.title, ticket.identity.name), actions })
  }
  const now = parts.clock.now()
  const sessionSecret = randomId()
  const device = nameDevice(parts.classify(screenFactsOf(request)))
  const where = { app: app.name, device, place: exchange.place }
  await parts.sessions.create(sessionSecret, browserSession('browser', ticket, where, now))
  parts.log.notice('session_created', { app: app.name, kind: 'browser' })
  reply.setCookie(app.cookies.session, sessionSecret, cookieOptions(times.browser.absolute, now, parts.secure))
  return leadTo(reply, ticket.target)
}

const ticketEnded = { kind: 'ticket-ended' as const, actions: [{ label: 'try-again' as const, href: '/' }] }
