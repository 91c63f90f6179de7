import * as oidc from 'openid-client'
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
  /** Replaces the network, for names that only the demo and tests know. */
  fetch?: oidc.CustomFetch | undefined
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
  const configuration = await oidc.discovery(
    new URL(settings.issuer),
    settings.clientId,
    undefined,
    clientAuthentication(settings),
    options,
  )
  configuration.timeout = TIMEOUT_SECONDS
  return configuration
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
