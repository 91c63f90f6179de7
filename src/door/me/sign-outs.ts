import type { FastifyReply } from 'fastify'
import { exactForm } from '../../http/form.ts'
import { leadTo, sendMessage } from '../../http/reply.ts'
import { cookieOptions } from '../../sessions/cookies.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { DoorExchange } from '../exchange.ts'
import { isOwnPress, recognise } from '../phone.ts'

/** Signs one screen out: its next request meets the door again, what is open on it closes now. */
export async function revoke(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const form = exactForm(request.body, ['token', 'ref'])
  const person = await pressedBy(exchange, form?.get('token'))
  if (person === undefined) return sendMessage(reply, 403, stale)
  const mine = await parts.sessions.listOf(person.session.approvedBy)
  const found = mine.find((one) => one.session.ref === form?.get('ref') && one.session.kind !== 'door')
  if (found !== undefined) {
    const ended = await parts.sessions.end(found.key, 'revoked')
    if (ended === 'not-kept') return sendMessage(reply, 503, notKept)
    parts.log.notice('session_ended', { kind: found.session.kind, app: found.session.app, reason: 'revoked' })
  }
  return leadTo(reply, '/me')
}

/** Signs out everything of this person except the phone in their hand. */
export async function revokeAll(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const person = await pressedBy(exchange, exactForm(request.body, ['token'])?.get('token'))
  if (person === undefined) return sendMessage(reply, 403, stale)
  let all = true
  for (const { key } of await parts.sessions.listOf(person.session.approvedBy)) {
    if (key !== person.key && (await parts.sessions.end(key, 'revoked')) === 'not-kept') all = false
  }
  if (!all) return sendMessage(reply, 503, notKept)
  parts.log.notice('sessions_ended', { reason: 'revoked' })
  return leadTo(reply, '/me')
}

/** Signs this phone out at the door. Screens that it let in stay. */
export async function signOutHere(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const person = await pressedBy(exchange, exactForm(request.body, ['token'])?.get('token'))
  if (person === undefined) return sendMessage(reply, 403, stale)
  const ended = await parts.sessions.end(person.key, 'signed-out')
  reply.setCookie(parts.cookies.session, '', cookieOptions(0, parts.clock.now(), parts.secure))
  if (ended === 'not-kept') return sendMessage(reply, 503, notKept)
  return sendMessage(reply, 200, { kind: 'signed-out', actions: [{ label: 'sign-in', href: '/me' }] })
}

/** What a person must know who wanted somebody out. */
const notKept = { kind: 'not-kept' as const, actions: [{ label: 'my-screens' as const, href: '/me' }] }

const stale = { kind: 'form-stale' as const, actions: [{ label: 'try-again' as const, href: '/me' }] }

async function pressedBy(exchange: DoorExchange, token: string | undefined): Promise<FoundSession | undefined> {
  const known = await recognise(exchange)
  return isOwnPress(known, 'me', token) ? known.phone.found : undefined
}
