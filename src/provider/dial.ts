import { isIP } from 'node:net'
import type { CustomFetch } from 'openid-client'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
import { withoutBrackets } from '../lib/hostname.ts'

/** Where and whom to dial for a provider. */
export type DialSettings = {
  issuer: string
  /** Certificates of the authorities to believe, PEM; undefined: those that everybody knows. */
  ca: string | undefined
  /** Origin to connect to in place of the issuer's; what is said there stays meant for the issuer's host. */
  internalUrl: string | undefined
}

const CONNECT_MS = 5000

/**
 * `fetch` over connections of its own. With `internalUrl`, only the address that is connected to changes: Host, and the
 * name that the certificate must hold, stay those of the issuer.
 */
export function createDial({ issuer, ca, internalUrl }: DialSettings): { fetch: CustomFetch; close(): Promise<void> } {
  const connector = buildConnector({
    timeout: CONNECT_MS,
    allowH2: false,
    // Written out, because Node would ask its environment otherwise; and nothing is resumed that was not verified.
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    ...(ca !== undefined && { ca }),
  })
  const publicHost = new URL(issuer).host
  const inner = internalUrl === undefined ? undefined : new URL(internalUrl)
  const agent = new Agent({
    allowH2: false,
    connect(options, done) {
      const name = withoutBrackets(options.hostname)
      const servername = isIP(name) === 0 ? name : ''
      if (inner === undefined || options.host !== publicHost) return connector({ ...options, servername }, done)
      const { hostname, port } = inner
      const tls = options.protocol === 'https:'
      connector({ ...options, hostname: withoutBrackets(hostname), port, servername: tls ? servername : '' }, done)
    },
  })
  const dialled = (url: string, options: object) => undiciFetch(url, { ...options, dispatcher: agent })
  return { fetch: dialled as unknown as CustomFetch, close: () => agent.destroy() }
}
