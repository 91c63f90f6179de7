import type { Config } from './config/config.ts'
import { createHttp2 } from './http2/offer.ts'
import type { Clock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import type { RareNotices } from './lib/rare-notices.ts'
import type { StopListening } from './listen.ts'
import { listen, listenForHttp } from './listen.ts'
import { openCertificate } from './tls/certificate.ts'
import type { PlainHttp } from './traffic/answering/plain-http.ts'
import { createConnections } from './traffic/connection/connections.ts'
import { connectionsFor, readOpenFiles } from './traffic/connection/open-files.ts'
import type { Traffic } from './traffic/dispatch.ts'
import { createTrust } from './traffic/reading/arrival.ts'

/** What comes in where, and to whom it is given. */
export type EntranceParts = {
  config: Pick<Config, 'listen' | 'tls' | 'httpRedirect' | 'trustedProxies'>
  /** For which the certificate is to be good. */
  hostnames: readonly string[]
  traffic: Traffic
  plainHttp: PlainHttp
  tell: RareNotices
  clock: Clock
  log: Log
}

/**
 * Opens every way in: the addresses, with TLS and HTTP/2 where the config says so, and the port of plain http. All or
 * none; rejects with an `OperatorError` for a certificate or an address that cannot be had.
 */
export async function openEntrance(parts: EntranceParts): Promise<StopListening> {
  const { config, traffic, plainHttp, tell, clock, log } = parts
  const { listen: addresses, tls, httpRedirect: redirect } = config
  await using opened = new AsyncDisposableStack()
  const http2 = tls?.http2 === true ? createHttp2(clock) : undefined
  const connections = createConnections({
    most: connectionsFor(readOpenFiles()),
    isTrusted: createTrust(config.trustedProxies),
    uses: http2?.uses(traffic.uses) ?? traffic.uses,
    tell,
  })
  const certificate = tls && openCertificate({ files: tls, hostnames: parts.hostnames, clock, log })
  opened.defer(() => certificate?.stop())
  const stopListening = await listen({ addresses, certificate, http2, traffic, connections, clock })
  opened.defer(() => stopListening(0))
  const stopHttp = redirect && (await listenForHttp({ redirect, plainHttp, connections, log }))
  opened.move()
  return async (finishMs) => {
    await Promise.all([stopListening(finishMs), stopHttp?.()])
    certificate?.stop()
  }
}
