import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'
import type { Log } from '../lib/log.ts'
import type { MessageKind } from '../pages/views.ts'
import { readForm } from './form.ts'
import { sendMessage } from './reply.ts'

const BODY_LIMIT = 16 * 1024

/**
 * A Fastify instance for our own pages: never listens, gets its requests from the gate by `routing`. Reads
 * urlencoded forms and nothing else, says its errors as small pages, and answers HEAD nowhere by itself (a HEAD
 * must not begin anything).
 */
export async function createColdServer(log: Log): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    logger: false,
    trustProxy: false,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
  })
  await server.register(cookie)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, readForm(String(body))),
  )
  server.setNotFoundHandler((request, reply) => sendMessage(request, reply, 404, { kind: 'not-found' }))
  server.setErrorHandler((error: { statusCode?: number; name?: string; code?: string }, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500
    if (status >= 500) log.notice('internal_error', { error: `${error.name ?? ''} ${error.code ?? ''}`.trim() })
    const kind: MessageKind = status >= 500 ? 'internal-error' : 'bad-request'
    return sendMessage(request, reply, status, { kind })
  })
  return server
}
