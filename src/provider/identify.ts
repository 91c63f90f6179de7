import * as oidc from 'openid-client'
import type { ProviderSettings } from './discovery.ts'
import { identityFromClaims } from './identity.ts'
import type { Identity } from './provider.ts'

/** A token response that holds an ID token, its signature and claims checked. */
export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers

/**
 * Who the tokens are about: the ID token first, userinfo only for what it leaves out (Authelia sends groups nowhere
 * else). Rejects when userinfo speaks of another `sub` (OpenID Connect Core §5.3.2).
 */
export async function identify(
  configuration: oidc.Configuration,
  tokens: Tokens,
  settings: Pick<ProviderSettings, 'issuer' | 'groupsClaim'>,
): Promise<Identity> {
  const claims: Record<string, unknown> = { ...tokens.claims() }
  const lacking = claims[settings.groupsClaim] === undefined || claims['name'] === undefined
  if (lacking && configuration.serverMetadata().userinfo_endpoint !== undefined) {
    const more = await oidc.fetchUserInfo(configuration, tokens.access_token, claims['sub'] as string)
    Object.assign(claims, { ...more, ...claims })
  }
  return identityFromClaims(settings.issuer, claims, settings.groupsClaim)
}
