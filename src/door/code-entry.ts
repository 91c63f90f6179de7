import type { FastifyReply, FastifyRequest } from 'fastify'
import { exactForm } from '../http/form.ts'
import { isNavigation } from '../http/origin.ts'
import { langOf, leadTo, ownHeaders, sendMessage, sendPage } from '../http/reply.ts'
import { isAlive } from '../logins/login.ts'
import { foldUserCode } from '../logins/user-code.ts'
import { codeEntryPage } from '../pages/code-entry.ts'
import { leaveForProvider } from './leave.ts'
import type { DoorParts } from './parts.ts'
import type { Phone } from './phone.ts'
import { formToken, isOwnPress, phoneOf } from './phone.ts'

/** Typing the code, for a phone or a desktop without a camera. Only somebody who is signed in may try codes. */
export async function showCodeEntry(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const phone = await phoneOf(parts, request, reply)
  if (phone.found === undefined) return leaveForProvider(parts, request, reply, phone, { next: { kind: 'code' } })
  return sendEntry(parts, request, reply, phone, 200, false)
}

/** Finds the screen by its code. Wrong, expired, used and never issued codes are answered alike (RFC 8628 §5.1). */
export async function enterCode(parts: DoorParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = exactForm(request.body, ['token', 'code'])
  const phone = await phoneOf(parts, request, reply)
  if (form === undefined) return sendMessage(request, reply, 400, { kind: 'bad-request' })
  const { found } = phone
  if (found === undefined || !isOwnPress(parts, phone, request, 'code', form.get('token'))) {
    return sendMessage(request, reply, 403, { kind: 'form-stale', actions: [{ label: 'try-again', href: '/d' }] })
  }
  const { issuer, sub } = found.session.approvedBy
  const person = parts.keyring.derive('tries', JSON.stringify([issuer, sub]))
  if (!(await parts.tries.allowed(person))) return sendMessage(request, reply, 429, { kind: 'too-many-tries' })

  const code = foldUserCode(form.get('code') ?? '')
  const login = code === undefined ? undefined : await parts.logins.findByCode(code)
  if (login?.login.state.step === 'pending' && isAlive(login.invitation, phone.id, parts.clock.now())) {
    return leadTo(reply, `/d/${login.invitation.id}`)
  }
  await parts.tries.wrong(person)
  return sendEntry(parts, request, reply, phone, 422, true)
}

function sendEntry(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  status: number,
  wrong: boolean,
): FastifyReply {
  const view = { doorHost: parts.host, action: '/d', token: formToken(parts, phone, 'code'), wrong }
  return sendPage(reply, status, codeEntryPage(langOf(request), view))
}
