import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import type { Http2 } from '../../src/http2/offer.ts'
import { MINUTE } from '../../src/lib/clock.ts'
import { type LogFields, silentLog } from '../../src/lib/log.ts'
import { listen, type StopListening } from '../../src/listen.ts'
import { openCertificate } from '../../src/tls/certificate.ts'
import { createConnections } from '../../src/traffic/connection/connections.ts'
import type { Traffic } from '../../src/traffic/dispatch.ts'
import type { Pair } from './certificate.ts'
import { createFakeClock, type FakeClock } from './clock.ts'
import { freePort } from './ports.ts'
import { makeTempDir } from './temp-dir.ts'

/** A listener that speaks TLS with the pair in two files of a folder of its own. */
export type OwnTls = {
  dir: string
  port: number
  clock: FakeClock
  /** What the log was told, newest last. */
  told: ({ event: string } & LogFields)[]
  events(): string[]
  stop: StopListening
  /** Writes both files. */
  write(pair: Pair): Promise<void>
  /** A minute passes, or `ms` at once, and the look at the files that it brings is over. */
  minute(ms?: number): Promise<void>
  /** A client whose handshake is over. */
  connect(options?: ConnectionOptions): Promise<TLSSocket>
  /** SHA-256 of the certificate that somebody who connects now is shown. */
  shown(): Promise<string>
}

/** Answers everything with two letters. */
export const idleTraffic: Traffic = {
  request: (_req, res) => void res.end('ok'),
  upgrade: (_req, socket) => void socket.destroy(),
  clientError: (_error, socket) => void socket.destroy(),
  uses: () => () => 'busy',
  retire: () => undefined,
  dismiss: () => undefined,
  cut: () => undefined,
  close: async () => undefined,
}

/** Starts one for `door.home.example`; `place` puts the pair where the paths lead, and is two files otherwise. */
export async function startOwnTls(
  pair: Pair,
  options: { traffic?: Traffic; http2?: Http2; place?: (dir: string, pair: Pair) => Promise<void> } = {},
): Promise<OwnTls> {
  const dir = await makeTempDir()
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
  const port = await freePort()
  const clock = createFakeClock(Date.now())
  const told: OwnTls['told'] = []
  const tell = (event: string, fields?: LogFields) => void told.push({ event, ...fields })
  const write = async ({ cert, key }: Pair) => {
    await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key, { mode: 0o600 })])
  }

  await (options.place?.(dir, pair) ?? write(pair))
  const log = { ...silentLog, notice: tell, warn: tell }
  const certificate = openCertificate({ files, hostnames: ['door.home.example'], clock, log })
  const planned = clock.pending()
  const trusting = { most: 100, isTrusted: () => false, uses: idleTraffic.uses, tell: () => undefined }
  const connections = createConnections(trusting)
  const addresses = [{ host: '127.0.0.1', port }]
  const stop = await listen({
    addresses,
    certificate,
    traffic: options.traffic ?? idleTraffic,
    http2: options.http2,
    clock,
    connections,
  })
  onTestFinished(async () => {
    certificate.stop()
    const stopped = stop(0)
    await clock.advance(MINUTE)
    await stopped
  })

  async function connectNow(more: ConnectionOptions = {}): Promise<TLSSocket> {
    const target = { port, host: '127.0.0.1', servername: 'door.home.example', rejectUnauthorized: false }
    const socket = connect({ ...target, ...more })
    onTestFinished(() => void socket.destroy())
    await once(socket, 'secureConnect')
    return socket
  }

  return {
    dir,
    port,
    clock,
    stop,
    told,
    events: () => told.map(({ event }) => event),
    write,
    async minute(ms = MINUTE) {
      await clock.leap(ms)
      // Files are read by another thread; the next look is planned when this one is over.
      while (clock.pending() < planned) await new Promise((resolve) => setImmediate(resolve))
    },
    connect: connectNow,
    async shown() {
      const socket = await connectNow()
      const { fingerprint256 } = socket.getPeerCertificate()
      socket.destroy()
      return fingerprint256
    },
  }
}
