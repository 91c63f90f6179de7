import { readFileSync, statSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { ListenAddress } from './config/network.ts'
import type { Clock } from './lib/clock.ts'
import { MINUTE, SECOND } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { OperatorError } from './lib/operator-error.ts'
import { repeat } from './lib/repeat.ts'
import { attach } from './traffic/attach.ts'
import type { Traffic } from './traffic/dispatch.ts'
import { serverOptions } from './traffic/server-options.ts'

/** Where to listen, how, and to whom everything that arrives is given. */
export type ListenParts = {
  addresses: readonly ListenAddress[]
  tls: { cert: string; key: string } | undefined
  traffic: Traffic
  clock: Clock
  log: Log
}

/** How long answers that are under way may take to finish once the server closes. */
const GRACE_MS = 2 * SECOND

/**
 * Opens every address; all or none. The result closes them, open connections included. Rejects with an `OperatorError`
 * for an address that cannot be had.
 */
export async function listen(parts: ListenParts): Promise<() => Promise<void>> {
  const { tls, traffic } = parts
  const servers: Server[] = []
  const stops: (() => void)[] = []
  const close = async () => {
    for (const stop of stops) stop()
    await Promise.all(servers.map((server) => closeServer(server, parts.clock)))
  }
  for (const address of parts.addresses) {
    const server = tls === undefined ? createHttpServer(serverOptions) : createTlsServer(tls, parts, stops)
    attach(server, traffic)
    servers.push(server)
    try {
      await open(server, address)
    } catch (error) {
      await close()
      throw error
    }
  }
  return close
}

function createTlsServer(tls: { cert: string; key: string }, parts: ListenParts, stops: (() => void)[]): HttpsServer {
  const read = () => ({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) })
  const stamp = () => `${statSync(tls.cert).mtimeMs} ${statSync(tls.key).mtimeMs}`
  const server = createHttpsServer({ ...serverOptions, ...read(), minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] })
  let known = stamp()
  // A renewed certificate is taken up without losing a connection; a pair that does not fit leaves the old one.
  function renew(): void {
    try {
      const now = stamp()
      if (now !== known) {
        server.setSecureContext({ ...read(), minVersion: 'TLSv1.2' })
        known = now
        parts.log.notice('certificate_renewed')
      }
    } catch (error) {
      parts.log.notice('certificate_unreadable', { error: (error as NodeJS.ErrnoException).code })
    }
  }
  stops.push(repeat(parts.clock, MINUTE, renew))
  return server
}

function open(server: Server, { host, port }: ListenAddress): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) => reject(new OperatorError(reasonOf(error, host, port))))
  server.listen(port, host, resolve)
  return promise
}

function reasonOf(error: NodeJS.ErrnoException, host: string | undefined, port: number): string {
  const where = `${host ?? 'every address'}, port ${port}`
  if (error.code === 'EADDRINUSE')
    return `Cannot listen on ${where}: another program has it. Stop that one, or change "listen".`
  if (error.code === 'EACCES')
    return `Cannot listen on ${where}: not allowed. Ports below 1024 need root; change "listen".`
  if (error.code === 'EADDRNOTAVAIL')
    return `Cannot listen on ${where}: this machine has no such address. Change "listen".`
  return `Cannot listen on ${where}: ${error.code ?? 'unknown error'}.`
}

/** Lets answers that are under way finish for a moment, then cuts. */
function closeServer(server: Server, clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(GRACE_MS, () => server.closeAllConnections())
  server.close(() => {
    cancel()
    resolve()
  })
  return promise
}
