import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { withoutBrackets } from '../../lib/hostname.ts'
import type { App } from '../app.ts'
import { keepAsking } from '../connection/keep-alive.ts'

/** Opens a connection to one app; an error where it cannot be had, or where the other side is not who it should be. */
export type Connector = (done: (error: Error | null, socket: Socket | null) => void) => void

/** The app showed another certificate than the one that is pinned; `seen` is what it showed, as SHA-256. */
export class UnpinnedCertificate extends Error {
  override readonly name = 'UnpinnedCertificate'
  readonly code = 'CERT_NOT_PINNED'
  readonly seen: string

  constructor(seen: string) {
    super('another certificate than the pinned one')
    this.seen = seen
  }
}

/**
 * The one way to an app, for requests and for WebSockets. Its certificate is verified at every connection, for the name
 * in `upstream` or `server_name`; a pinned one is compared instead, whoever signed it and whatever its dates and names.
 */
export function createConnector({ upstream, upstreamTls }: App, connectMs: number): Connector {
  const { protocol, port, host } = upstream
  const { ca, serverName, fingerprints } = upstreamTls ?? {}
  const hostname = withoutBrackets(upstream.hostname)
  // Undici would take the name to verify from our Host header, which is the app's public name.
  const servername = serverName ?? (isIP(hostname) === 0 ? hostname : '')
  // Written out, because Node would ask its environment otherwise.
  // SECURITY(replace: === undefined → === null): whoever is in between could be the app. Test: N3: an expired certificate is refused, and a self-signed one
  const rejectUnauthorized = fingerprints === undefined
  // SECURITY(replace: 0 → undefined): a session that is resumed is not verified anew. Test: N3: every connection to an app is verified anew, none resumes a session
  const maxCachedSessions = 0
  const connector = buildConnector({
    timeout: connectMs,
    allowH2: false,
    keepAlive: false,
    rejectUnauthorized,
    maxCachedSessions,
    ...(ca !== undefined && { ca }),
  })

  return (done) => {
    connector({ protocol, host, hostname, port, servername }, (error, socket) => {
      if (error !== null) return done(error, null)
      keepAsking(socket)
      const seen = socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.fingerprint256 ?? 'none') : undefined
      // SECURITY: with a pin, nothing else is verified. Test: N3: an app with another certificate than the pinned one gets no byte
      if (seen !== undefined && fingerprints?.includes(seen) === false) {
        socket.destroy()
        return done(new UnpinnedCertificate(seen), null)
      }
      done(null, socket)
    })
  }
}
