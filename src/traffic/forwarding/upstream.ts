import type { Dispatcher } from 'undici'
import { Pool } from 'undici'
import type { Log } from '../../lib/log.ts'
import type { App } from '../app.ts'
import type { Scheme, UpstreamLimits } from '../parts.ts'
import type { Connector } from './connector.ts'
import { createConnector } from './connector.ts'
import type { RequestHeaders } from './request-headers.ts'
import { createRequestHeaders } from './request-headers.ts'
import type { ResponseHeaders } from './response-headers.ts'
import { createResponseHeaders } from './response-headers.ts'

/** One app's upstream: its connections, and how headers are built on the way to it and back. */
export type Upstream = {
  app: App
  /** Sends one request over a pooled connection. */
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  /** Whether what is being told right now comes of a connection that breaks: no answer ends with that. */
  isBreaking(): boolean
  /** Opens a connection of its own. */
  connect: Connector
  requestHeaders: RequestHeaders
  responseHeaders: ResponseHeaders
  close(): Promise<void>
}

/** What all upstreams have in common. */
export type UpstreamParts = { doorAuthority: string; publicScheme: Scheme; limits: UpstreamLimits; log: Log }

/** Connects to one app when the first request comes. */
export function createUpstream(app: App, parts: UpstreamParts): Upstream {
  const connect = createConnector(app, parts.limits.connectMs)
  let isBreaking = false
  function breaks(): void {
    isBreaking = true
    queueMicrotask(() => {
      isBreaking = false
    })
  }
  const pool = new Pool(app.upstream.origin, {
    connect(_options, done) {
      connect((error, socket) => {
        // Before undici's own listener, which takes a reset for the end of an answer that has no other mark of it.
        socket?.on('error', breaks)
        ;(done as Parameters<Connector>[0])(error, socket)
      })
    },
    // No limit: event streams and long polls hold their connections, and others must not wait for them.
    connections: null,
    pipelining: 1,
    allowH2: false,
    // Answers and their bodies take as long as they take; see `owed.ts`.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    app,
    dispatch: (request, handler) => void pool.dispatch(request, handler),
    isBreaking: () => isBreaking,
    connect,
    requestHeaders: createRequestHeaders(app, parts.publicScheme, parts.log),
    responseHeaders: createResponseHeaders(app, parts.doorAuthority, parts.publicScheme, parts.log),
    close: () => pool.destroy(),
  }
}
