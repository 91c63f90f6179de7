import type { FastifyReply, FastifyRequest } from 'fastify'
import { exactForm } from '../http/form.ts'
import { sendMessage } from '../http/reply.ts'
import { SECOND } from '../lib/clock.ts'
import { networkHint } from '../lib/place.ts'
import { times } from '../lib/times.ts'
import type { Stay } from '../logins/login.ts'
import type { FoundLogin } from '../logins/logins.ts'
import { foldInvitationId } from '../logins/user-code.ts'
import type { Session } from '../sessions/session.ts'
import { leaveForProvider } from './leave.ts'
import { letIn, sendRefusal } from './let-in.ts'
import type { DoorParts } from './parts.ts'
import type { Phone } from './phone.ts'
import { isOwnPress, phoneOf } from './phone.ts'
import { showApprove } from './short-link.ts'
import { stayOf } from './stay.ts'

/** A press on the approve page: "No, stop", "Yes, let it in", or "Sign in". */
export async function decide(parts: DoorParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = exactForm(request.body, ['token', 'decision'], ['stay', 'until', 'zone', 'here'])
  if (form === undefined) return sendMessage(request, reply, 400, { kind: 'bad-request' })
  const id = foldInvitationId((request.params as { id: string }).id)
  const found = id === undefined ? undefined : await parts.logins.findByLink(id)
  if (found === undefined) return sendMessage(request, reply, 404, { kind: 'link-ended' })

  const phone = await phoneOf(parts, request, reply)
  const retry = [{ label: 'try-again', href: `/d/${found.invitation.id}` }] as const
  if (!isOwnPress(parts, phone, request, found.invitation.id, form.get('token'))) {
    return sendMessage(request, reply, 403, { kind: 'form-stale', actions: [...retry] })
  }
  const session = phone.found?.session

  switch (form.get('decision')) {
    case 'deny':
      return session === undefined
        ? signIn(parts, request, reply, phone, found)
        : deny(parts, request, reply, phone, found)
    case 'approve': {
      const stay = stayOf(form, parts.clock.now())
      if (stay === undefined) return sendMessage(request, reply, 400, { kind: 'bad-request', actions: [...retry] })
      // SECURITY: nobody approves without having signed in. Test: U6: there is no way to an approval but the press of a person who signed in lately
      if (session === undefined) return signIn(parts, request, reply, phone, found)
      const network = networkHint(found.login.place, parts.placeOf(request.raw))
      // SECURITY: from another network, seeing the screen is said expressly. Test: U18: from another network an approval says that the screen is in front of the person
      if (network === 'different' && form.get('here') !== 'yes') return showApprove(parts, request, reply, phone, found)
      return approve(parts, request, reply, phone, found, session, stay)
    }
    case 'sign-in':
      return signIn(parts, request, reply, phone, found)
    default:
      return sendMessage(request, reply, 400, { kind: 'bad-request', actions: [...retry] })
  }
}

async function approve(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  found: FoundLogin,
  session: Session,
  stay: Stay,
): Promise<FastifyReply> {
  // SECURITY: an old sign-in does not approve. Test: U6b: a sign-in that is too old is asked for again at the provider
  if (!(await isFresh(parts, session, found, request))) {
    const { login, invitation } = found
    const claimed = await parts.logins.apply(login.id, { kind: 'claimed', invitation: invitation.id, phone: phone.id })
    if ('refused' in claimed) return sendRefusal(request, reply, claimed.refused)
    const { issuer, sub } = session.approvedBy
    const next = { kind: 'press', id: invitation.id, stay, issuer, sub, at: parts.clock.now() } as const
    return leaveForProvider(parts, request, reply, phone, { next, maxAgeSeconds: times.fresh / SECOND })
  }
  return letIn(parts, request, reply, phone, found, session, stay)
}

async function deny(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  { login, invitation }: FoundLogin,
): Promise<FastifyReply> {
  const applied = await parts.logins.apply(login.id, { kind: 'denied', invitation: invitation.id, phone: phone.id })
  if ('refused' in applied) return sendRefusal(request, reply, applied.refused)
  parts.log.notice('device_denied', { app: login.app, device: login.device.kind })
  return sendMessage(request, reply, 200, { kind: 'denied', params: { device: login.device } })
}

function signIn(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  found: FoundLogin,
): Promise<FastifyReply> {
  // Asking for a recent sign-in at once spares a second trip when the provider still remembers an old one.
  const next = { kind: 'invitation', id: found.invitation.id } as const
  return leaveForProvider(parts, request, reply, phone, { next, maxAgeSeconds: times.fresh / SECOND })
}

async function isFresh(
  parts: DoorParts,
  session: Session,
  found: FoundLogin,
  request: FastifyRequest,
): Promise<boolean> {
  const age = parts.clock.now() - session.authTime
  if (age <= times.fresh) return true
  if (age > times.freshKnown) return false
  const { app, device, place } = found.login
  if (!(await parts.acquaintances.knows(session.approvedBy, { app, device, place }))) return false
  return parts.acquaintances.knows(session.approvedBy, { app, device, place: parts.placeOf(request.raw) })
}
