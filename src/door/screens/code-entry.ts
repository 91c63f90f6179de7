import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { exactForm } from '../../http/form.ts'
import { langOf, leadTo, ownHeaders, sendMessage, sendPage } from '../../http/reply.ts'
import { sendTooMany } from '../../http/too-many.ts'
import { isAlive } from '../../logins/invitation.ts'
import { codeEntryPage } from '../../pages/code-entry.ts'
import type { DoorExchange, PhoneExchange } from '../exchange.ts'
import { knockByDigits, sealKnock } from '../natives/knocks.ts'
import { formToken, isOwnPress, recognise } from '../phone.ts'
import { leaveForProvider } from '../sign-in/leave.ts'

/** Typing the code, for a phone or a desktop without a camera. Only somebody who is signed in may try codes. */
export async function showCodeEntry(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const known = await recognise(exchange)
  if (known.phone.found === undefined) return leaveForProvider(known, { next: { kind: 'code' } })
  return sendEntry(known, 200, false)
}

/** Finds the screen by its code, or the native app by its digits. Wrong, expired, used and never issued codes are answered alike (RFC 8628 §5.1). */
export async function enterCode(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, place, request, reply } = exchange
  const form = exactForm(request.body, ['token', 'code'])
  const known = await recognise(exchange)
  if (form === undefined) return sendMessage(reply, 400, { kind: 'bad-request' })
  const { id, found } = known.phone
  if (found === undefined || !isOwnPress(known, 'code', form.get('token'))) {
    return sendMessage(reply, 403, { kind: 'form-stale', actions: [{ label: 'try-again', href: '/d' }] })
  }
  const { issuer, sub } = found.session.approvedBy
  const person = parts.keyring.derive('tries', JSON.stringify([issuer, sub]))
  const waitMs = await parts.tries.take(person, place)
  // SECURITY: codes are not for guessing. Test: U9: codes typed all at once count one by one
  if (waitMs > 0) return sendTooMany(reply, waitMs, { kind: 'too-many-tries' })

  const typed = form.get('code') ?? ''
  const asking = await knockByDigits(known, found.session.approvedBy, typed)
  if (asking !== undefined) return leadTo(reply, `/knock?k=${sealKnock(known, asking)}`)
  const login = await parts.logins.findByCode(typed)
  if (login?.login.state.step === 'pending' && isAlive(login.invitation, id, parts.clock.now())) {
    return leadTo(reply, `/d/${login.invitation.id}`)
  }
  return sendEntry(known, 422, true)
}

function sendEntry(exchange: PhoneExchange, status: number, wrong: boolean): FastifyReply {
  const { parts, request, reply } = exchange
  const view = { doorHost: parts.door.authority, action: '/d', token: formToken(exchange, 'code'), wrong }
  return sendPage(reply, status, codeEntryPage(langOf(request), view))
}
