import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import type { Dispatcher } from 'undici'
import { buildConnector, Pool } from 'undici'
import { withoutBrackets } from '../lib/hostname.ts'
import type { Log } from '../lib/log.ts'
import type { App } from './app.ts'
import type { Scheme, UpstreamLimits } from './parts.ts'
import type { RequestHeaders } from './request-headers.ts'
import { createRequestHeaders } from './request-headers.ts'
import type { ResponseHeaders } from './response-headers.ts'
import { createResponseHeaders } from './response-headers.ts'

/** One app's upstream: its connections, and how headers are built on the way to it and back. */
export type Upstream = {
  app: App
  /** Sends one request over a pooled connection. */
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  /** Opens a connection of its own. Certificates are verified for the upstream's name. */
  connect(done: (error: Error | null, socket: Socket | null) => void): void
  requestHeaders: RequestHeaders
  responseHeaders: ResponseHeaders
  close(): Promise<void>
}

/** What all upstreams have in common. */
export type UpstreamParts = { doorAuthority: string; publicScheme: Scheme; limits: UpstreamLimits; log: Log }

/** Connects to one app when the first request comes. */
export function createUpstream(app: App, parts: UpstreamParts): Upstream {
  const { protocol, port, host, origin } = app.upstream
  const hostname = withoutBrackets(app.upstream.hostname)
  const connector = buildConnector({ timeout: parts.limits.connectMs, allowH2: false })
  // Undici would take the name to verify from our Host header, which is the app's public name.
  const servername = isIP(hostname) === 0 ? hostname : ''
  const pool = new Pool(origin, {
    connect: (options, done) => connector({ ...options, servername }, done),
    // No limit: event streams and long polls hold their connections, and others must not wait for them.
    connections: null,
    pipelining: 1,
    allowH2: false,
    headersTimeout: parts.limits.headersMs,
    // Bodies may be silent for as long as they like.
    bodyTimeout: 0,
  })
  return {
    app,
    dispatch: (request, handler) => void pool.dispatch(request, handler),
    connect(done) {
      connector({ protocol, host, hostname, port, servername }, (...result) => done(result[0], result[1]))
    },
    requestHeaders: createRequestHeaders(app, parts.publicScheme, parts.log),
    responseHeaders: createResponseHeaders(app, parts.doorAuthority, parts.publicScheme, parts.log),
    close: () => pool.destroy(),
  }
}

/** Whether an upstream failed by taking too long. */
export function isTimeout(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'ETIMEDOUT'
}

/** A word for the log; messages may hold addresses and header values. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : error.name
}
