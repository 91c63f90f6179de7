import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Listening, listen } from '../../../src/demo/listen.ts'
import { type Clock, systemClock } from '../../../src/lib/clock.ts'
import { callerOf, refusalFor } from './server/callers.ts'
import { readClientInfo, readQuery } from './server/client-info.ts'
import { corsHeaders, preflightAnswer } from './server/cors.ts'
import { asProfiled } from './server/json-profile.ts'
import { mediaRoutes } from './server/media-routes.ts'
import { placeOf } from './server/place.ts'
import { quickConnectRoutes } from './server/quick-connect-routes.ts'
import { type Answer, type Call, fault, matchRoutes, type Place, routedPath } from './server/router.ts'
import { sessionRoutes } from './server/session-routes.ts'
import { signInRoutes } from './server/sign-in-routes.ts'
import { createSockets, type Sockets } from './server/sockets.ts'
import { createState, type State } from './server/state.ts'
import { systemRoutes } from './server/system-routes.ts'
import { userRoutes } from './server/user-routes.ts'
import type { Version } from './server/version.ts'
import { webRoutes } from './server/web-routes.ts'

export type Jellyfin = Listening & {
  /** Where it is reached without a gateway, base URL included. */
  origin: string
  state: State
  sockets: Sockets
  /** What was asked for, as it arrived, where from, and what became of it. */
  asked: { method: string; target: string; place: Place; status: number }[]
  /** Set by a test: what is answered instead, or that the connection ends without an answer. */
  interfere?: ((method: string, target: string) => Answer | 'hang up' | undefined) | undefined
}

export type JellyfinOptions = {
  version?: Version
  clock?: Clock
  port?: number
  /** `/base`: nothing is served outside it. */
  baseUrl?: string
  /** Addresses whose forwarding headers count. */
  knownProxies?: string[]
}

/**
 * A stand-in for a Jellyfin server: it answers as the published facts about the real one say, and is strict wherever
 * they are. Comments beside the answers name the heading there that they stand on; `Recalled` marks what is written down
 * nowhere. It is no proof of anything else.
 */
export async function startJellyfin(options: JellyfinOptions = {}): Promise<Jellyfin> {
  const { version = '10.11', clock = systemClock, port = 0, baseUrl = '', knownProxies = [] } = options
  const state = createState(clock, version, { baseUrl, knownProxies })
  const sockets = createSockets(state)
  const asked: Jellyfin['asked'] = []
  const parts = [systemRoutes, quickConnectRoutes, signInRoutes, userRoutes, sessionRoutes, mediaRoutes, webRoutes]
  const routes = parts.flatMap((part) => part(state))

  async function answer(request: IncomingMessage): Promise<Answer> {
    const method = request.method ?? ''
    const url = new URL(request.url ?? '/', 'http://jellyfin')
    const path = routedPath(url.pathname, baseUrl, version)
    const matches = path === undefined ? [] : matchRoutes(routes, path)
    const match = matches.find(({ route }) => route.methods.includes(method))
    if (matches.length === 0) return { status: 404 }
    if (match === undefined) return { status: 405 }
    const query = readQuery(url.search)
    const info = readClientInfo(request.headers, query, version)
    const sent = await readJson(request)
    if (sent === 'malformed') return fault(400)
    const call: Call = {
      method,
      headers: request.headers,
      query,
      param: (name) => match.params.get(name) ?? '',
      info,
      caller: callerOf(state, info.token),
      body: sent,
      place: placeOf(request, knownProxies),
    }
    return refusalFor(match.route.needs, call) ?? match.route.answer(call)
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const odd = jellyfin.interfere?.(request.method ?? '', request.url ?? '')
    if (odd === 'hang up') return void request.socket.destroy()
    const { status, headers = {}, body } = odd ?? preflightAnswer(request) ?? asProfiled(request, await answer(request))
    const fields = { ...corsHeaders(request), ...headers }
    const place = placeOf(request, knownProxies)
    asked.push({ method: request.method ?? '', target: request.url ?? '', place, status })
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    response.writeHead(status, status === 204 ? fields : { ...fields, 'content-length': length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  const server = createServer((request, response) => void respond(request, response).catch(() => response.destroy()))
  server.on('upgrade', (request, socket, head) => {
    const { pathname } = new URL(request.url ?? '/', 'http://jellyfin')
    sockets.upgrade(request, socket, head, routedPath(pathname, baseUrl, version))
  })
  const listening = await listen(server, port, '127.0.0.1')
  state.localAddress = `http://127.0.0.1:${listening.port}${baseUrl}`
  const jellyfin: Jellyfin = { ...listening, origin: state.localAddress, state, sockets, asked }
  return jellyfin
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  if (text === '' || !String(request.headers['content-type']).includes('json')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return 'malformed'
  }
}
