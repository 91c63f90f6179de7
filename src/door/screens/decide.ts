import type { FastifyReply } from 'fastify'
import { exactForm } from '../../http/form.ts'
import { leadTo, sendMessage } from '../../http/reply.ts'
import { sendTooMany } from '../../http/too-many.ts'
import { SECOND } from '../../lib/clock.ts'
import { networkHint } from '../../lib/place.ts'
import { times } from '../../lib/times.ts'
import type { FoundLogin } from '../../logins/logins.ts'
import { foldInvitationId } from '../../logins/user-code.ts'
import type { DoorExchange, PhoneExchange } from '../exchange.ts'
import { isFresh } from '../fresh.ts'
import { isOwnPress, recognise } from '../phone.ts'
import { leaveForProvider } from '../sign-in/leave.ts'
import type { Approval } from './let-in.ts'
import { letIn, sendRefusal } from './let-in.ts'
import { showApprove } from './short-link.ts'
import { stayOf } from './stay.ts'

/** A press on the approve page: "No, stop", "Yes, let it in", "Sign in", or "Approve here instead". */
export async function decide(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, place, request, reply } = exchange
  const form = exactForm(request.body, ['token', 'decision'], ['stay', 'until', 'zone', 'here'])
  if (form === undefined) return sendMessage(reply, 400, { kind: 'bad-request' })
  const id = foldInvitationId((request.params as { id: string }).id)
  const found = id === undefined ? undefined : await parts.logins.findByLink(id)
  if (found === undefined) return sendMessage(reply, 404, { kind: 'link-ended' })

  const known = await recognise(exchange)
  const retry = [{ label: 'try-again', href: `/d/${found.invitation.id}` } as const]
  if (!isOwnPress(known, found.invitation.id, form.get('token'))) {
    return sendMessage(reply, 403, { kind: 'form-stale', actions: retry })
  }
  const { found: signedIn } = known.phone
  const waitMs = parts.presses.take({ session: signedIn?.key, place })
  if (waitMs > 0) return sendTooMany(reply, waitMs, { kind: 'too-many-presses', actions: retry })
  const session = signedIn?.session

  switch (form.get('decision')) {
    case 'deny':
      return session === undefined ? signIn(known, found) : deny(known, found)
    case 'approve': {
      const stay = stayOf(form, parts.clock.now())
      if (stay === undefined) return sendMessage(reply, 400, { kind: 'bad-request', actions: retry })
      // SECURITY: nobody approves without having signed in. Test: U6: there is no way to an approval but the press of a person who signed in lately
      if (session === undefined) return signIn(known, found)
      const network = networkHint(found.login.place, place)
      // SECURITY: from another network, seeing the screen is said expressly. Test: U18: from another network an approval says that the screen is in front of the person
      if (network === 'different' && form.get('here') !== 'yes') return showApprove(known, found)
      return approve(known, { ...found, session, stay })
    }
    case 'sign-in':
      return signIn(known, found)
    case 'here':
      return takeHere(known, found)
    default:
      return sendMessage(reply, 400, { kind: 'bad-request', actions: retry })
  }
}

/** The provider is not asked any more; from here on it is an ordinary approval on this page. */
async function takeHere(
  { parts, phone, reply }: PhoneExchange,
  { login, invitation }: FoundLogin,
): Promise<FastifyReply> {
  const event = { kind: 'taken-here', invitation: invitation.id, phone: phone.id } as const
  const applied = await parts.logins.apply(login.id, event)
  return 'refused' in applied ? sendRefusal(reply, applied.refused) : leadTo(reply, `/d/${invitation.id}`)
}

async function approve(exchange: PhoneExchange, approval: Approval): Promise<FastifyReply> {
  const { parts, phone, reply } = exchange
  // SECURITY: an old sign-in does not approve. Test: U6b: a sign-in that is too old is asked for again at the provider
  if (!(await isFresh(exchange, approval.session, approval.login))) {
    const { login, invitation, session, stay } = approval
    const claimed = await parts.logins.apply(login.id, { kind: 'claimed', invitation: invitation.id, phone: phone.id })
    if ('refused' in claimed) return sendRefusal(reply, claimed.refused)
    const { issuer, sub } = session.approvedBy
    const next = { kind: 'press', id: invitation.id, stay, issuer, sub, at: parts.clock.now() } as const
    return leaveForProvider(exchange, { next, maxAgeSeconds: times.fresh / SECOND })
  }
  return letIn(exchange, approval)
}

async function deny({ parts, phone, reply }: PhoneExchange, { login, invitation }: FoundLogin): Promise<FastifyReply> {
  const applied = await parts.logins.apply(login.id, { kind: 'denied', invitation: invitation.id, phone: phone.id })
  if ('refused' in applied) return sendRefusal(reply, applied.refused)
  parts.log.notice('device_denied', { app: login.app, device: login.device.kind })
  return sendMessage(reply, 200, { kind: 'denied', params: { device: login.device } })
}

function signIn(exchange: PhoneExchange, { invitation }: FoundLogin): Promise<FastifyReply> {
  // Asking for a recent sign-in at once spares a second trip when the provider still remembers an old one.
  const next = { kind: 'invitation', id: invitation.id } as const
  return leaveForProvider(exchange, { next, maxAgeSeconds: times.fresh / SECOND })
}
