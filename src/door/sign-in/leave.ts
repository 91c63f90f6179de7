import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../../http/reply.ts'
import type { AuthorizationAsk } from '../../provider/provider.ts'
import type { PhoneExchange } from '../exchange.ts'
import type { Next } from './journeys.ts'

/** Sends the browser to the provider, keeping what it left for. */
export async function leaveForProvider(
  { parts, phone, place, request, reply }: PhoneExchange,
  ask: AuthorizationAsk & { next: Next },
): Promise<FastifyReply> {
  const { next, ...wanted } = ask
  const leaving = await parts.provider.authorizationRequest(wanted).catch((error: unknown) => {
    parts.log.notice('provider_unreachable', { issuer: parts.issuerHost, cause: causeOf(error) })
    return undefined
  })
  if (leaving === undefined) {
    return sendMessage(reply, 503, {
      kind: 'provider-unreachable',
      actions: [{ label: 'try-again', href: request.method === 'GET' ? request.url : '/me' }],
    })
  }
  // A store that fails is no fault of the provider's, and the log must not send anybody there.
  await parts.journeys.begin({ sent: leaving.sent, browser: phone.id, next }, place.address)
  return leadTo(reply, leaving.url)
}

/** The code at the bottom of an error ("ECONNREFUSED"), or its name; messages may quote what was sent. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause === undefined ? ((error as NodeJS.ErrnoException).code ?? error.name) : causeOf(error.cause)
}
