import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { HttpRedirect } from './config/config.ts'
import type { ListenAddress } from './config/network.ts'
import type { Http2 } from './http2/offer.ts'
import { http2Protocols } from './http2/offer.ts'
import type { Clock } from './lib/clock.ts'
import { SECOND } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { OperatorError } from './lib/operator-error.ts'
import { repeat } from './lib/repeat.ts'
import type { OwnCertificate } from './tls/certificate.ts'
import type { PlainHttp } from './traffic/answering/plain-http.ts'
import { attach } from './traffic/connection/attach.ts'
import type { Connections } from './traffic/connection/connections.ts'
import { serverOptions } from './traffic/connection/server-options.ts'
import type { Traffic } from './traffic/dispatch.ts'

/** Where to listen, how, and to whom everything that arrives is given. */
export type ListenParts = {
  addresses: readonly ListenAddress[]
  /** With one, https is spoken. */
  certificate: OwnCertificate | undefined
  /** With it, HTTP/2 as well. */
  http2?: Http2 | undefined
  traffic: Traffic
  connections: Pick<Connections, 'follow' | 'cut'>
  clock: Clock
}

/** How often connections that have nothing more to do are looked for while others finish. */
const IDLE_MS = SECOND / 10

/** Accepts nothing more, and resolves when all is over: at the latest after this many milliseconds, when what is open is cut. */
export type StopListening = (finishMs: number) => Promise<void>

/** Opens every address; all or none. Rejects with an `OperatorError` for an address that cannot be had. */
export async function listen(parts: ListenParts): Promise<StopListening> {
  const { certificate, traffic, connections } = parts
  const servers: Server[] = []
  const close = async (finishMs: number) => {
    await Promise.all(servers.map((server) => closeServer(server, parts, finishMs)))
  }
  for (const address of parts.addresses) {
    const server =
      certificate === undefined ? createHttpServer(serverOptions) : createTlsServer(certificate, parts.http2)
    connections.follow(server)
    attach(server, traffic)
    servers.push(server)
    try {
      await open(server, address)
    } catch (error) {
      await close(0)
      throw error
    }
  }
  return close
}

/**
 * Opens the port where plain http leads to https; the result closes it. A port that nobody wrote into the config is done
 * without, and told, when it cannot be had; for another, rejects with an `OperatorError`.
 */
export async function listenForHttp(parts: {
  redirect: HttpRedirect
  plainHttp: PlainHttp
  connections: Pick<Connections, 'follow'>
  log: Log
}): Promise<() => Promise<void>> {
  const server = createHttpServer(serverOptions)
  parts.connections.follow(server)
  attach(server, parts.plainHttp)
  try {
    await open(server, parts.redirect.address, 'http_redirect')
  } catch (error) {
    if (!parts.redirect.byDefault || !(error instanceof OperatorError)) throw error
    const remedy = 'let it have the port, or write http_redirect: false'
    parts.log.warn('http_redirect_unavailable', { why: error.message, remedy })
  }
  return async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function createTlsServer(certificate: OwnCertificate, http2: Http2 | undefined): HttpsServer {
  const own = { ALPNProtocols: http2 === undefined ? ['http/1.1'] : http2Protocols, handshakeTimeout: 20 * SECOND }
  const server = createHttpsServer({ ...serverOptions, ...certificate.options(), ...own })
  certificate.follow(server)
  http2?.offer(server)
  return server
}

function open(server: Server, { host, port }: ListenAddress, option = 'listen'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) => {
    reject(new OperatorError(reasonOf(error, host, port, option)))
  })
  server.listen(port, host, resolve)
  return promise
}

function reasonOf(error: NodeJS.ErrnoException, host: string | undefined, port: number, option: string): string {
  const where = `${host ?? 'every address'}, port ${port}`
  if (error.code === 'EADDRINUSE')
    return `Cannot listen on ${where}: another program has it. Stop that one, or change "${option}".`
  if (error.code === 'EACCES')
    return `Cannot listen on ${where}: not allowed. Ports below 1024 need root; change "${option}".`
  if (error.code === 'EADDRNOTAVAIL')
    return `Cannot listen on ${where}: this machine has no such address. Change "${option}".`
  return `Cannot listen on ${where}: ${error.code ?? 'unknown error'}.`
}

function closeServer(
  server: Server,
  { clock, traffic, connections, http2 }: ListenParts,
  finishMs: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stopLooking = repeat(clock, IDLE_MS, () => server.closeIdleConnections())
  const cancel = clock.after(finishMs, () => {
    traffic.cut()
    http2?.cut()
    server.closeAllConnections()
    connections.cut()
  })
  http2?.close()
  server.close(() => {
    stopLooking()
    cancel()
    resolve()
  })
  return promise
}
