import type { Identity } from './provider.ts'

/**
 * Claims of a validated ID token or userinfo answer as an Identity. The person is (issuer, sub) and nothing else
 * (OpenID Connect Core §5.7); an e-mail counts only when the provider calls it verified.
 */
export function identityFromClaims(issuer: string, claims: Record<string, unknown>, groupsClaim: string): Identity {
  const text = (name: string) => {
    const value = claims[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined
  }
  const identity: Identity = {
    issuer,
    sub: claims['sub'] as string,
    name: text('name') ?? text('preferred_username') ?? text('email') ?? '',
  }
  const email = text('email')
  if (email !== undefined && claims['email_verified'] === true) identity.email = email
  const groups = claims[groupsClaim]
  if (Array.isArray(groups)) identity.groups = groups.filter((group) => typeof group === 'string')
  else if (typeof groups === 'string') identity.groups = [groups]
  return identity
}
