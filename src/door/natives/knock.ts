import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { exactForm } from '../../http/form.ts'
import { langOf, ownHeaders, sendMessage, sendPage } from '../../http/reply.ts'
import { sendTooMany } from '../../http/too-many.ts'
import { SECOND } from '../../lib/clock.ts'
import { networkHint } from '../../lib/place.ts'
import { times } from '../../lib/times.ts'
import { knockPage } from '../../pages/knock.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { DoorExchange, PhoneExchange } from '../exchange.ts'
import { isFresh } from '../fresh.ts'
import { formToken, isOwnPress, recognise } from '../phone.ts'
import { leaveForProvider } from '../sign-in/leave.ts'
import { knockFacts } from './knock-facts.ts'
import { type Asking, openKnock } from './knocks.ts'
import { askOf, letKnockIn } from './let-knock-in.ts'
import { refuseKnock } from './refuse-knock.ts'

/** A native app that was found by its digits, or before a new sign-in. Looking lets nothing in: only a press does. */
export async function showKnock(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const { k: sealed } = request.query as { k?: unknown }
  if (typeof sealed !== 'string') return sendMessage(reply, 400, { kind: 'bad-request' })
  const known = await recognise(exchange)
  const { found } = known.phone
  if (found === undefined) return leaveForProvider(known, { next: { kind: 'knock', knock: sealed } })
  const asking = await openKnock(known, found.session.approvedBy, sealed)
  return asking === undefined ? sendEnded(reply) : sendKnock(known, asking, found)
}

/** A press: "No, stop" or "Yes, let it in". */
export async function decideKnock(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, place, request, reply } = exchange
  const form = exactForm(request.body, ['token', 'knock', 'decision'], ['here'])
  const sealed = form?.get('knock')
  if (form === undefined || sealed === undefined) return sendMessage(reply, 400, { kind: 'bad-request' })
  const known = await recognise(exchange)
  const { found } = known.phone
  // SECURITY: what lets something in is pressed on our page alone. Test: a page of another site lets no native app in
  if (found === undefined || !isOwnPress(known, 'knock', form.get('token'))) return sendStale(reply)
  const waitMs = parts.presses.take({ session: found.key, place })
  if (waitMs > 0) return sendTooMany(reply, waitMs, { kind: 'too-many-presses' })
  const asking = await openKnock(known, found.session.approvedBy, sealed)
  if (asking === undefined) return sendEnded(reply)

  if (form.get('decision') === 'deny') return refuseKnock(known, asking, form.get('here') === 'yes')
  if (form.get('decision') !== 'approve') return sendMessage(reply, 400, { kind: 'bad-request' })
  const network = networkHint(asking.knock.place, place)
  // SECURITY: from another network, seeing the device is said expressly. Test: from another network a native app is let in by whoever says that it is in front of them
  if (network === 'different' && form.get('here') !== 'yes') return sendKnock(known, asking, found)
  // SECURITY: an old sign-in lets nothing in. Test: a sign-in that is too old is asked for again before a native app is let in
  if (!(await isFresh(known, found.session, askOf(asking)))) {
    const next = { kind: 'knock', knock: sealed } as const
    return leaveForProvider(known, { next, maxAgeSeconds: times.fresh / SECOND })
  }
  return letKnockIn(known, asking, found)
}

function sendKnock(exchange: PhoneExchange, asking: Asking, { session }: FoundSession): FastifyReply {
  const { parts, request, reply } = exchange
  const page = knockPage(langOf(request), {
    doorHost: parts.door.authority,
    person: { name: session.approvedBy.name },
    facts: knockFacts(exchange, asking),
    form: { action: '/knock', token: formToken(exchange, 'knock') },
  })
  return sendPage(reply, 200, page)
}

function sendEnded(reply: FastifyReply): FastifyReply {
  return sendMessage(reply, 410, { kind: 'knock-ended', actions: [{ label: 'enter-code', href: '/d' }] })
}

function sendStale(reply: FastifyReply): FastifyReply {
  return sendMessage(reply, 403, { kind: 'form-stale', actions: [{ label: 'try-again', href: '/me' }] })
}
