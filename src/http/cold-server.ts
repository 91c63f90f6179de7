import type { IncomingMessage, ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import type { Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { MessageKind } from '../pages/message-view.ts'
import { readForm } from './form.ts'
import type { Home } from './reply.ts'
import { ownHeaders, sendMessage } from './reply.ts'

const BODY_LIMIT = 16 * 1024
const BODY_MS = 20 * SECOND

/** One request for our own pages: what it takes to answer it, and `Facts`, which the gate knows of it. */
export type ColdExchange<Parts, Facts> = Facts & { parts: Parts; request: FastifyRequest; reply: FastifyReply }

/** Answers the requests at one address. */
export type Handle<Parts, Facts> = (exchange: ColdExchange<Parts, Facts>) => FastifyReply | Promise<FastifyReply>

/** A server that never listens: the gate hands its requests over. */
export interface ColdServer<Parts, Facts> {
  get(path: string, handle: Handle<Parts, Facts>): void
  post(path: string, handle: Handle<Parts, Facts>): void
  /** Call it when every address is there; resolves with what answers requests. */
  open(): Promise<(req: IncomingMessage, res: ServerResponse, facts: Facts) => void>
}

/**
 * A cold server on Fastify. Reads urlencoded forms and nothing else, says its errors as small pages, and answers HEAD
 * nowhere by itself (a HEAD must not begin anything).
 */
export async function createColdServer<Parts extends { clock: Clock; log: Log }, Facts>(
  parts: Parts,
  home: Home,
): Promise<ColdServer<Parts, Facts>> {
  const { clock, log } = parts
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
      sendFault(reply, error.statusCode ?? 400, 'bad-request')
    },
  })
  server.decorate('home', home)
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
    return sendFault(reply, status, kind)
  })
  const factsOf = new WeakMap<IncomingMessage, Facts>()
  const answer = (handle: Handle<Parts, Facts>) => (request: FastifyRequest, reply: FastifyReply) =>
    handle({ ...(factsOf.get(request.raw) as Facts), parts, request, reply })
  return {
    get: (path, handle) => void server.get(path, answer(handle)),
    post: (path, handle) => void server.post(path, answer(handle)),
    async open() {
      await server.ready()
      return (req, res, facts) => {
        factsOf.set(req, facts)
        server.routing(req, res)
      }
    },
  }
}

/** A page of ours or, when not even that can be rendered, one line: the framework would tell the error itself. */
function sendFault(reply: FastifyReply, status: number, kind: MessageKind): FastifyReply {
  try {
    return sendMessage(reply, status, { kind })
  } catch {
    return reply.code(500).headers(ownHeaders).type('text/plain').send('Something broke here\n')
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
