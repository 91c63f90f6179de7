import type { CustomFetch } from 'openid-client'
import type { Log } from '../lib/log.ts'
import { createDial, type DialSettings } from './dial.ts'

/** How a provider is reached. */
export type RoadSettings = DialSettings & {
  /** Authorities of further hosts whose endpoints may be asked. */
  endpointHosts: readonly string[]
}

/** The one way from here to a provider. */
export type Road = { fetch: CustomFetch; close(): Promise<void> }

/** Of providers that keep their endpoints elsewhere, as their discovery documents say. */
const knownHosts: Record<string, readonly string[]> = {
  'accounts.google.com': ['oauth2.googleapis.com', 'openidconnect.googleapis.com', 'www.googleapis.com'],
  'login.microsoftonline.com': ['graph.microsoft.com'],
}

/**
 * Asks nobody but the issuer's own host and those that are known or listed, whatever a discovery document names, and
 * follows no redirect. `fetch` replaces the network, for names that only the demo and tests know.
 */
export function createRoad(settings: RoadSettings, { fetch, log }: { fetch: CustomFetch | undefined; log: Log }): Road {
  const { protocol, host, origin } = new URL(settings.issuer)
  const further = [...(knownHosts[host] ?? []), ...settings.endpointHosts]
  const allowed = new Set([origin, ...further.map((name) => `${protocol}//${name}`)])
  const dial = fetch === undefined ? createDial(settings) : { fetch, close: async () => undefined }

  return {
    close: dial.close,
    async fetch(url, options) {
      const asked = new URL(url)
      // SECURITY: a discovery document could send us, and the client secret, anywhere in the home. Test: B5: endpoints on other hosts are never asked
      if (!allowed.has(asked.origin)) throw foreign(asked, log)
      // SECURITY(replace: 'manual' → 'follow'): an answer could send us where a discovery document may not. Test: B5: no redirect of a provider is followed
      const guarded = { ...options, redirect: 'manual' as const }
      try {
        return await dial.fetch(url, guarded)
      } catch (error) {
        tellCertificate(error, log)
        throw error
      }
    },
  }
}

function foreign({ host }: URL, log: Log): Error {
  const shown = host.slice(0, 200)
  const remedy = `if the provider really has an endpoint there: provider.endpoint_hosts: [${shown}]`
  log.warn('provider_endpoint_refused', { host: shown, remedy })
  return new Error('an endpoint on a host that is not the issuer')
}

const remedies: Record<string, string> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for other names than the host in provider.issuer',
  CERT_HAS_EXPIRED: 'its certificate, or that of who signed it, has expired: renew it there',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks of both machines',
}
const unknownAuthority = 'nobody here knows who signed its certificate: name their certificate in provider.ca_file'
for (const code of [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
  remedies[code] = unknownAuthority

/** To everybody else it looks like a provider that is down. */
function tellCertificate(error: unknown, log: Log): void {
  const { cause } = error as { cause?: { code?: unknown } }
  const code = String(cause?.code)
  const remedy = remedies[code]
  if (remedy !== undefined) log.warn('provider_certificate_refused', { code, remedy })
}
