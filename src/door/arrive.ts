import type { FastifyReply, FastifyRequest } from 'fastify'
import { leadTo, sendMessage } from '../http/reply.ts'
import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import { nameDevice } from '../screens/device.ts'
import { cookieOptions } from '../sessions/cookies.ts'
import type { Session } from '../sessions/session.ts'
import type { Person } from '../sessions/tickets.ts'
import { issueTicket } from './issue-ticket.ts'
import type { Next } from './journeys.ts'
import { letIn } from './let-in.ts'
import type { DoorParts } from './parts.ts'
import type { Phone } from './phone.ts'

/** Somebody comes back from the provider and is known: signs the door in, and goes on with what they left for. */
export async function arrive(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  next: Next,
  person: Person,
): Promise<FastifyReply> {
  const session = await signDoorIn(parts, request, reply, phone, person)
  switch (next.kind) {
    case 'me':
      return leadTo(reply, '/me')
    case 'code':
      return leadTo(reply, '/d')
    case 'invitation':
      return leadTo(reply, `/d/${next.id}`)
    case 'visit': {
      const visit = parts.tickets.openVisit(next.visit)
      const app = visit && parts.apps.get(visit.app)
      if (visit === undefined || app === undefined) return sendMessage(request, reply, 400, { kind: 'ticket-ended' })
      return issueTicket(parts, reply, app, visit, person)
    }
    case 'press': {
      const found = await parts.logins.findByLink(next.id)
      const now = parts.clock.now()
      const samePerson = next.issuer === person.identity.issuer && next.sub === person.identity.sub
      const inTime = now <= next.at + times.press && now - person.authTime <= times.fresh
      // SECURITY: a press counts for the person who pressed and for five minutes. Test: U6: a press is completed only by the person who pressed, in time
      if (found === undefined || !samePerson || !inTime) return leadTo(reply, `/d/${next.id}`)
      return letIn(parts, request, reply, phone, found, session, next.stay)
    }
  }
}

/** A new session at the door at each sign-in; the browser's former one ends (session fixation, ASVS 7.2.4). */
async function signDoorIn(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  { identity, authTime }: Person,
): Promise<Session> {
  const now = parts.clock.now()
  const secret = randomId()
  const header = (name: string) => request.headers[name] as string | undefined
  const session: Session = {
    kind: 'door',
    ref: randomId(12),
    approvedBy: identity,
    actsAs: identity,
    device: nameDevice(parts.classify({ userAgent: header('user-agent'), platformHint: header('sec-ch-ua-platform') })),
    stay: 'door',
    place: parts.placeOf(request.raw),
    createdAt: now,
    lastSeenAt: now,
    idleMs: times.door.idle,
    absoluteUntil: now + times.door.absolute,
    authTime,
  }
  await parts.sessions.create(secret, session)
  if (phone.found !== undefined) await parts.sessions.end(phone.found.key, 'replaced')
  parts.log.notice('sign_in_success', { kind: 'door' })
  reply.setCookie(parts.cookies.session, secret, cookieOptions(times.door.absolute, now, parts.secure))
  return session
}
