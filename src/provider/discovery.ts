import * as oidc from 'openid-client'
import type { Log } from '../lib/log.ts'
import { type ProfileName, profiles } from './profiles.ts'

/** What the config says about the issuer, resolved. */
export type ProviderSettings = {
  issuer: string
  clientId: string
  clientSecret: string | undefined
  clientAuth: 'auto' | 'basic' | 'post' | 'none'
  /** Which product the operator says it is. */
  profile?: ProfileName | undefined
  scopes: readonly string[]
  groupsClaim: string
  /** `<door>/callback`. */
  redirectUri: string
  /** Plain http to the issuer, on a home network. */
  insecureHttp: boolean
  /** The way there, `road.ts`; without one, that of everybody. */
  fetch?: oidc.CustomFetch | undefined
  /** Told what only the operator can put right. */
  log?: Log
}

const TIMEOUT_SECONDS = 8

/**
 * Discovery (OpenID Connect Discovery 1.0 §4) on first use: the gateway starts while the provider is down. A
 * failure is not kept; a success is, and its keys refresh by themselves when a new one signs.
 */
export function createDiscovery(settings: ProviderSettings): () => Promise<oidc.Configuration> {
  let found: Promise<oidc.Configuration> | undefined
  return () => {
    found ??= discover(settings).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
}

async function discover(settings: ProviderSettings): Promise<oidc.Configuration> {
  const execute = [oidc.enableNonRepudiationChecks]
  if (settings.insecureHttp) execute.push(oidc.allowInsecureRequests)
  const options: oidc.DiscoveryRequestOptions = { execute, timeout: TIMEOUT_SECONDS }
  if (settings.fetch !== undefined) options[oidc.customFetch] = settings.fetch
  const auth = clientAuthentication(settings)
  const found = oidc.discovery(new URL(settings.issuer), settings.clientId, undefined, auth, options)
  const configuration = await found.catch((error: unknown) => {
    const said = issuerSaid(error)
    if (said !== undefined) tellIssuer(settings, said)
    throw error
  })
  const { issuer } = configuration.serverMetadata()
  // SECURITY: who speaks for one issuer does not for another, however alike they look (OpenID Connect Discovery 1.0 §4.3). Test: J7: a discovery document of another issuer is not believed, however alike it looks
  if (issuer !== settings.issuer) throw tellIssuer(settings, issuer)
  configuration.timeout = TIMEOUT_SECONDS
  return configuration
}

/** The issuer in a discovery document that the library refused for it. */
function issuerSaid(error: unknown): string | undefined {
  let cause: unknown = error
  for (let depth = 0; depth < 4 && cause instanceof Error; depth++) cause = cause.cause
  const { attribute, body } = (cause ?? {}) as { attribute?: unknown; body?: { issuer?: unknown } }
  return attribute === 'issuer' ? String(body?.issuer) : undefined
}

function tellIssuer({ issuer, log }: ProviderSettings, said: string): Error {
  const says = said.slice(0, 200)
  const remedy = 'write provider.issuer exactly as the discovery document does, if that is your provider'
  log?.warn('provider_issuer_differs', { issuer, says, remedy })
  return new Error('the discovery document is of another issuer')
}

/**
 * `auto` does as the profile knows; without one it sends the secret in the body, unless the provider names only the
 * header (RFC 6749 §2.3.1).
 */
function clientAuthentication(settings: ProviderSettings): oidc.ClientAuth {
  const { clientSecret, profile } = settings
  const usual = profile === undefined ? undefined : profiles[profile].clientAuth
  const clientAuth = settings.clientAuth === 'auto' ? (usual ?? 'auto') : settings.clientAuth
  if (clientSecret === undefined || clientAuth === 'none') return oidc.None()
  const basic = oidc.ClientSecretBasic(clientSecret)
  const post = oidc.ClientSecretPost(clientSecret)
  if (clientAuth === 'basic') return basic
  if (clientAuth === 'post') return post
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (methods.includes('client_secret_post') ? post : basic)(server, client, body, headers)
  }
}
