import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { langOf, sendMessage, sendPage } from '../../http/reply.ts'
import { SECOND } from '../../lib/clock.ts'
import { networkHint } from '../../lib/place.ts'
import type { Invitation } from '../../logins/invitation.ts'
import { isAlive } from '../../logins/invitation.ts'
import type { FoundLogin } from '../../logins/logins.ts'
import { foldInvitationId } from '../../logins/user-code.ts'
import { approvePage } from '../../pages/approve.ts'
import type { ApproveView } from '../../pages/views.ts'
import type { DoorExchange, PhoneExchange } from '../exchange.ts'
import { formToken, recognise } from '../phone.ts'
import { daysToChoose } from './stay.ts'

/**
 * What a phone sees after the scan. A phone that is signed in gets the approve page, any other the same facts and
 * a way to sign in. Looking approves nothing: only a press does.
 */
export async function openShortLink(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const id = foldInvitationId((request.params as { id: string }).id)
  const found = id === undefined ? undefined : await parts.logins.findByLink(id)
  if (found === undefined) return sendMessage(reply, 404, { kind: 'link-ended' })
  const known = await recognise(exchange)
  const { phone } = known
  if (!isAlive(found.invitation, phone.id, parts.clock.now())) {
    return sendMessage(reply, 410, { kind: 'link-ended' })
  }
  switch (found.login.state.step) {
    case 'denied':
      return sendMessage(reply, 410, { kind: 'denied', params: { device: found.login.device } })
    case 'approved':
    case 'collected':
      return sendMessage(reply, 410, { kind: 'already-in' })
    case 'pending':
      break
  }
  if (isNavigation(request)) {
    await parts.logins.apply(found.login.id, { kind: 'opened', invitation: found.invitation.id, phone: phone.id })
  }
  return showApprove(known, found)
}

/** The approve page, or without a signed-in person the page that leads to it. */
export function showApprove(exchange: PhoneExchange, { login, invitation }: FoundLogin): FastifyReply {
  const { parts, phone, place, request, reply } = exchange
  const now = parts.clock.now()
  const network = networkHint(login.place, place)
  const person = phone.found?.session.approvedBy
  const page = approvePage(langOf(request), {
    doorHost: parts.door.authority,
    app: parts.apps.get(login.app)?.title ?? login.app,
    device: login.device,
    userCode: invitation.userCode,
    askedSecondsAgo: Math.max(0, Math.round((now - invitation.createdAt) / SECOND)),
    network,
    ...(person !== undefined && { person: { name: person.name } }),
    stay: network === 'same' ? 'ours' : 'tonight',
    until: daysToChoose(now),
    form: { action: `/d/${invitation.id}`, token: formToken(exchange, invitation.id) },
    notYou: `/d/${invitation.id}/other-account`,
    ...wayToProvider(invitation, parts.issuerHost),
  })
  return sendPage(reply, 200, page)
}

/** Where the provider's own page asks, a way there; unless it has approved already and only the yes here is missing. */
function wayToProvider(
  { providerGrant, providerFailed }: Invitation,
  issuerHost: string,
): Pick<ApproveView, 'upstream'> {
  if (providerFailed) return { upstream: { host: issuerHost } }
  if (providerGrant === undefined || providerGrant.vouchedBy !== undefined) return {}
  const { verificationUri, verificationUriComplete } = providerGrant.grant
  return {
    upstream: {
      host: new URL(verificationUri).host,
      link: verificationUriComplete ?? verificationUri,
      typed: verificationUriComplete === undefined,
      comeBack: providerGrant.mustApproveHere,
    },
  }
}
