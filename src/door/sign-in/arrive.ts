import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../../http/reply.ts'
import { screenFactsOf } from '../../http/screen-facts.ts'
import { randomId } from '../../lib/random.ts'
import { times } from '../../lib/times.ts'
import { isSamePerson } from '../../logins/login.ts'
import { nameDevice } from '../../screens/device.ts'
import { browserSession } from '../../sessions/browser-session.ts'
import { cookieOptions } from '../../sessions/cookies.ts'
import type { Session } from '../../sessions/session.ts'
import type { Person } from '../../sessions/tickets.ts'
import { appPath } from '../accounts/exchange.ts'
import type { PhoneExchange } from '../exchange.ts'
import { letIn } from '../screens/let-in.ts'
import { issueTicket } from './issue-ticket.ts'
import type { Next } from './journeys.ts'

/** Somebody comes back from the provider and is known: signs the door in, and goes on with what they left for. */
export async function arrive(exchange: PhoneExchange, next: Next, person: Person): Promise<FastifyReply> {
  const { parts, reply } = exchange
  await parts.describe(person.identity)
  const { secret, session } = await signDoorIn(exchange, person)
  switch (next.kind) {
    case 'me':
      return leadTo(reply, '/me')
    case 'code':
      return leadTo(reply, '/d')
    case 'app':
      return leadTo(reply, appPath({ name: next.app }))
    case 'invitation':
      return leadTo(reply, `/d/${next.id}`)
    case 'knock':
      return leadTo(reply, `/knock?k=${encodeURIComponent(next.knock)}`)
    case 'visit': {
      const visit = parts.tickets.openVisit(next.visit)
      const app = visit && parts.apps.get(visit.app)
      if (visit === undefined || app === undefined) return sendMessage(reply, 400, { kind: 'ticket-ended' })
      return issueTicket(exchange, app, visit, person, parts.sessions.keyOf(secret))
    }
    case 'press': {
      const found = await parts.logins.findByLink(next.id)
      const now = parts.clock.now()
      const samePerson = isSamePerson(next, person.identity)
      const inTime = now <= next.at + times.press && now - person.authTime <= times.fresh
      // SECURITY: a press counts for the person who pressed and for five minutes. Test: U6: a press is completed only by the person who pressed, in time
      if (found === undefined || !samePerson || !inTime) return leadTo(reply, `/d/${next.id}`)
      // What the page offers next is pressed with the new session.
      const phone = { ...exchange.phone, found: await parts.sessions.find(secret) }
      return letIn({ ...exchange, phone }, { ...found, session, stay: next.stay })
    }
  }
}

/** A new session at the door at each sign-in; the browser's former one ends (session fixation, ASVS 7.2.4). */
async function signDoorIn(exchange: PhoneExchange, person: Person): Promise<{ secret: string; session: Session }> {
  const { parts, phone, place, request, reply } = exchange
  const now = parts.clock.now()
  const secret = randomId()
  const device = nameDevice(parts.classify(screenFactsOf(request)))
  const session = browserSession('door', person, { device, place }, now)
  await parts.sessions.create(secret, session)
  if (phone.found !== undefined) await parts.sessions.end(phone.found.key, 'replaced')
  parts.log.notice('sign_in_success', { kind: 'door' })
  reply.setCookie(parts.cookies.session, secret, cookieOptions(times.door.absolute, now, parts.secure))
  return { secret, session }
}
