import type { FastifyReply, FastifyRequest } from 'fastify'
import { isNavigation } from '../http/origin.ts'
import { langOf, sendMessage, sendPage } from '../http/reply.ts'
import { SECOND } from '../lib/clock.ts'
import { networkHint } from '../lib/place.ts'
import { isAlive } from '../logins/login.ts'
import type { FoundLogin } from '../logins/logins.ts'
import { foldInvitationId, formatUserCode } from '../logins/user-code.ts'
import { approvePage } from '../pages/approve.ts'
import type { DoorParts } from './parts.ts'
import type { Phone } from './phone.ts'
import { formToken, phoneOf } from './phone.ts'
import { daysToChoose } from './stay.ts'

/**
 * What a phone sees after the scan. A phone that is signed in gets the approve page, any other the same facts and
 * a way to sign in. Looking approves nothing: only a press does.
 */
export async function openShortLink(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const id = foldInvitationId((request.params as { id: string }).id)
  const found = id === undefined ? undefined : await parts.logins.findByLink(id)
  if (found === undefined) return sendMessage(request, reply, 404, { kind: 'link-ended' })
  const phone = await phoneOf(parts, request, reply)
  if (!isAlive(found.invitation, phone.id, parts.clock.now())) {
    return sendMessage(request, reply, 410, { kind: 'link-ended' })
  }
  switch (found.login.state.step) {
    case 'denied':
      return sendMessage(request, reply, 410, { kind: 'denied' })
    case 'approved':
    case 'collected':
      return sendMessage(request, reply, 410, { kind: 'link-ended', actions: [{ label: 'my-screens', href: '/me' }] })
    case 'pending':
      break
  }
  if (isNavigation(request)) {
    await parts.logins.apply(found.login.id, { kind: 'opened', invitation: found.invitation.id, phone: phone.id })
  }
  return showApprove(parts, request, reply, phone, found)
}

/** The approve page, or without a signed-in person the page that leads to it. */
export function showApprove(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  { login, invitation }: FoundLogin,
): FastifyReply {
  const now = parts.clock.now()
  const network = networkHint(login.place, parts.placeOf(request.raw))
  const person = phone.found?.session.approvedBy
  const page = approvePage(langOf(request), {
    doorHost: parts.host,
    app: parts.apps.get(login.app)?.title ?? login.app,
    device: login.device,
    userCode: formatUserCode(invitation.userCode),
    askedSecondsAgo: Math.max(0, Math.round((now - invitation.createdAt) / SECOND)),
    network,
    ...(person !== undefined && { person: { name: person.name } }),
    stay: network === 'same' ? 'ours' : 'tonight',
    until: daysToChoose(now),
    form: { action: `/d/${invitation.id}`, token: formToken(parts, phone, invitation.id) },
    notYou: `/d/${invitation.id}/other-account`,
  })
  return sendPage(reply, 200, page)
}
