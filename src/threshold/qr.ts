import type { FastifyReply } from 'fastify'
import { ownHeaders, sendMessage } from '../http/reply.ts'
import { qrPng } from '../pages/qr.ts'
import { readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import { linkOf, tagOf } from './shown.ts'

/** The QR as a picture of its own: every engine shows it, and it stays put when the page reloads. */
export async function showQr(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const { login: id, tag } = request.params as { login: string; tag: string }
  const login = await parts.logins.getBound(id, readBinding(exchange)?.secret)
  const invitation = login?.invitations.find((one) => tagOf(one) === tag)
  if (invitation === undefined) return sendMessage(reply, 404, { kind: 'not-found' })
  const { png } = await qrPng(linkOf(parts.door.origin, invitation))
  return reply
    .code(200)
    .headers({ ...ownHeaders, 'content-type': 'image/png', 'cache-control': 'private, max-age=600' })
    .send(png)
}
