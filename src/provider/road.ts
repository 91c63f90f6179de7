import type { CustomFetch } from 'openid-client'
import { type CertificateDoubt, certificateDoubt } from '../lib/certificate-doubt.ts'
import type { Log } from '../lib/log.ts'
import { createDial, type DialSettings } from './dial.ts'

/** How a provider is reached. */
export type RoadSettings = DialSettings & {
  /** Authorities of further hosts whose endpoints may be asked. */
  endpointHosts: readonly string[]
}

/** The one way from here to a provider. */
export type Road = {
  fetch: CustomFetch
  /** Whether `fetch` would ask there at all. */
  allows(url: string): boolean
  close(): Promise<void>
}

/** Of providers that keep their endpoints elsewhere, as their discovery documents say. */
const knownHosts = new Map([
  ['accounts.google.com', ['oauth2.googleapis.com', 'openidconnect.googleapis.com', 'www.googleapis.com']],
  ['login.microsoftonline.com', ['graph.microsoft.com']],
])

/**
 * Asks nobody but the issuer's own host and those that are known or listed, whatever a discovery document names, and
 * follows no redirect. `fetch` replaces the network, for names that only the demo and tests know.
 */
export function createRoad(settings: RoadSettings, { fetch, log }: { fetch: CustomFetch | undefined; log: Log }): Road {
  const { protocol, host, origin } = new URL(settings.issuer)
  const further = [...(knownHosts.get(host) ?? []), ...settings.endpointHosts]
  const allowed = new Set([origin, ...further.map((name) => `${protocol}//${name}`)])
  const dial = fetch === undefined ? createDial(settings) : { fetch, close: async () => undefined }

  return {
    close: dial.close,
    allows: (url) => URL.canParse(url) && allowed.has(new URL(url).origin),
    async fetch(url, options) {
      const asked = new URL(url)
      // SECURITY: a discovery document could send us, and the client secret, anywhere in the home. Test: B5: neither metadata addresses nor other ports are asked, and the log names the host and the option
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

const unknown = 'nobody here knows who signed its certificate: name their certificate in provider.ca_file'
const remedies: Record<CertificateDoubt, string> = {
  'self-signed': unknown,
  'unknown-authority': unknown,
  'other-name': 'its certificate is for other names than the host in provider.issuer',
  expired: 'its certificate, or that of who signed it, has expired: renew it there',
  early: 'its certificate is not valid yet: compare the clocks of both machines',
}

/** To everybody else it looks like a provider that is down. */
function tellCertificate(error: unknown, log: Log): void {
  const { cause } = error as { cause?: { code?: unknown } }
  const code = String(cause?.code)
  const doubt = certificateDoubt(code)
  if (doubt !== undefined) log.warn('provider_certificate_refused', { code, remedy: remedies[doubt] })
}
