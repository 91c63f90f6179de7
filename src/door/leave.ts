import type { FastifyReply, FastifyRequest } from 'fastify'
import { leadTo, sendMessage } from '../http/reply.ts'
import type { AuthorizationAsk } from '../provider/provider.ts'
import type { Next } from './journeys.ts'
import type { DoorParts } from './parts.ts'
import type { Phone } from './phone.ts'

/** Sends the browser to the provider, keeping what it left for. */
export async function leaveForProvider(
  parts: DoorParts,
  request: FastifyRequest,
  reply: FastifyReply,
  phone: Phone,
  ask: AuthorizationAsk & { next: Next },
): Promise<FastifyReply> {
  const { next, ...wanted } = ask
  try {
    const { url, sent } = await parts.provider.authorizationRequest(wanted)
    await parts.journeys.begin({ sent, browser: phone.id, next })
    return leadTo(reply, url)
  } catch (error) {
    parts.log.notice('provider_unreachable', { error: error instanceof Error ? error.name : 'unknown' })
    return sendMessage(request, reply, 503, {
      kind: 'provider-unreachable',
      actions: [{ label: 'try-again', href: request.method === 'GET' ? request.url : '/me' }],
    })
  }
}
