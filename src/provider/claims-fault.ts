import type { IDToken } from 'openid-client'

/**
 * Why an ID token signs nobody in although the library has found its signature, issuer, audience, times and nonce right
 * (OpenID Connect Core §3.1.3.7); undefined when it may.
 */
export function claimsFault({ sub, azp }: IDToken, clientId: string): string | undefined {
  // SECURITY: everybody without a name of their own would be one person. Test: J8: an ID token that is not for this sign-in, or not by this provider, signs nobody in
  if (sub.trim() === '') return 'empty sub'
  // SECURITY: what was given to another client says nothing to us. Test: J8: an ID token that is not for this sign-in, or not by this provider, signs nobody in
  if (azp !== undefined && azp !== clientId) return 'foreign azp'
  return undefined
}
