import type { IncomingMessage } from 'node:http'
import cookie from '@fastify/cookie'
import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'
import type { Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { MessageKind } from '../pages/views.ts'
import { readForm } from './form.ts'
import { sendMessage } from './reply.ts'

const BODY_LIMIT = 16 * 1024
const BODY_MS = 20 * SECOND

/**
 * A Fastify instance for our own pages: never listens, gets its requests from the gate by `routing`. Reads
 * urlencoded forms and nothing else, says its errors as small pages, and answers HEAD nowhere by itself (a HEAD
 * must not begin anything).
 */
export async function createColdServer(clock: Clock, log: Log): Promise<FastifyInstance> {
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    logger: false,
    trustProxy: false,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true },
    // What it answers before any route would otherwise go out without our headers, and repeat the address.
    frameworkErrors(error, request, reply) {
      endIfSlow(request.raw, clock)
      sendMessage(request, reply, error.statusCode ?? 400, { kind: 'bad-request' })
    },
  })
  await server.register(cookie)
  server.addHook('onRequest', async ({ raw }) => endIfSlow(raw, clock))
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

/** The server sets no time for bodies, as uploads take as long as they take; our forms are small and come at once. */
function endIfSlow(request: IncomingMessage, clock: Clock): void {
  const { headers, socket } = request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
  const cancel = clock.after(BODY_MS, () => {
    if (!request.complete) socket.destroy()
  })
  request.on('close', cancel)
}
