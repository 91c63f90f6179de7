import type { IncomingMessage, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import type { Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { MessageKind } from '../pages/views.ts'
import { readForm } from './form.ts'
import { sendMessage } from './reply.ts'

const BODY_LIMIT = 16 * 1024
const BODY_MS = 20 * SECOND

/** A server for our own pages that never listens: the gate hands its requests over, with the facts that it knows. */
export interface ColdServer<Facts> {
  get(path: string, handle: Handle<Facts>): void
  post(path: string, handle: Handle<Facts>): void
  /** Call it when every address is there; resolves with what answers requests. */
  open(): Promise<(req: IncomingMessage, res: ServerResponse, facts: Facts) => void>
}

export type Handle<Facts> = (exchange: Facts & Asked) => FastifyReply | Promise<FastifyReply>

/** One request, and what answers it. */
export type Asked = { request: FastifyRequest; reply: FastifyReply }

/**
 * A cold server on Fastify. Reads urlencoded forms and nothing else, says its errors as small pages, and answers HEAD
 * nowhere by itself (a HEAD must not begin anything).
 */
export async function createColdServer<Facts>(clock: Clock, log: Log): Promise<ColdServer<Facts>> {
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
      sendMessage(reply, error.statusCode ?? 400, { kind: 'bad-request' })
    },
  })
  await server.register(cookie)
  server.addHook('onRequest', async ({ raw }) => endIfSlow(raw, clock))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, readForm(String(body))),
  )
  server.setNotFoundHandler((_request, reply) => sendMessage(reply, 404, { kind: 'not-found' }))
  server.setErrorHandler((error: { statusCode?: number; name?: string; code?: string }, _request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500
    if (status >= 500) log.notice('internal_error', { error: `${error.name ?? ''} ${error.code ?? ''}`.trim() })
    const kind: MessageKind = status >= 500 ? 'internal-error' : 'bad-request'
    return sendMessage(reply, status, { kind })
  })
  const known = new WeakMap<IncomingMessage, Facts>()
  const route = (method: 'GET' | 'POST', url: string, handle: Handle<Facts>) =>
    server.route({
      method,
      url,
      handler: (request, reply) => handle({ ...(known.get(request.raw) as Facts), request, reply }),
    })
  return {
    get: (path, handle) => void route('GET', path, handle),
    post: (path, handle) => void route('POST', path, handle),
    async open() {
      await server.ready()
      return (req, res, facts) => {
        known.set(req, facts)
        server.routing(req, res)
      }
    },
  }
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
