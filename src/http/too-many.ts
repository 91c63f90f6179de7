import type { FastifyReply } from 'fastify'
import { SECOND } from '../lib/clock.ts'
import type { MessageView } from '../pages/message-view.ts'
import { isNavigation } from './fetch-metadata.ts'
import { ownHeaders, sendMessage } from './reply.ts'

/**
 * 429 (RFC 6585 §4): a page for people, a problem document or a line for scripts. A page that was got, not posted, asks
 * again by itself when the time is over: a television has no key for that.
 */
export function sendTooMany(reply: FastifyReply, waitMs: number, view: MessageView): FastifyReply {
  const { request } = reply
  const seconds = Math.ceil(waitMs / SECOND)
  reply.header('retry-after', String(seconds))
  if (isNavigation(request)) {
    return sendMessage(reply, 429, { ...view, ...(request.method === 'GET' && { reloadSeconds: seconds }) })
  }
  const title = 'Too many requests'
  const json = /[/+]json/i.test(request.headers.accept ?? '')
  return reply
    .code(429)
    .headers({ ...ownHeaders, 'content-type': json ? 'application/problem+json' : 'text/plain; charset=utf-8' })
    .send(json ? JSON.stringify({ type: 'about:blank', status: 429, title, code: 'too-many' }) : `${title}\n`)
}
