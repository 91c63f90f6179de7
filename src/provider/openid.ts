import * as oidc from 'openid-client'
import type { Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import { times } from '../lib/times.ts'
import { createBoundedFetch } from './bounded-fetch.ts'
import { claimsFault } from './claims-fault.ts'
import type { ProviderSettings } from './discovery.ts'
import { createDiscovery } from './discovery.ts'
import { identify } from './identify.ts'
import type { Identity, Provider, SentRequest, SignInFailure, SignInOutcome } from './provider.ts'

/** The relying party over openid-client: code + PKCE, state, nonce, `iss`, signatures checked. */
export function createOpenIdProvider(settings: ProviderSettings, clock: Clock): Provider {
  const bounded = createBoundedFetch(settings.fetch ?? (fetch as oidc.CustomFetch))
  const discovered = createDiscovery({ ...settings, fetch: bounded })

  function judgeTime(identity: Identity, authTime: number | undefined, sent: SentRequest): SignInOutcome {
    const now = clock.now()
    // Whoever was asked to sign in again, and came back, has just done so; only a provider that says otherwise is believed more.
    if (authTime === undefined) return { kind: 'identity', identity, ...(sent.signInAgain && { authTime: now }) }
    const at = Math.min(authTime * SECOND, now)
    if (sent.signInAgain && now - at > times.fresh)
      return { kind: 'failed', reason: 'stale', detail: 'prompt=login was ignored' }
    return { kind: 'identity', identity, authTime: at }
  }

  return {
    async authorizationRequest(ask) {
      const configuration = await discovered()
      const sent = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
        ...(ask.maxAgeSeconds !== undefined && { maxAgeSeconds: ask.maxAgeSeconds }),
        ...(ask.signInAgain === true && { signInAgain: true as const }),
      }
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: settings.redirectUri,
        response_type: 'code',
        scope: settings.scopes.join(' '),
        state: sent.state,
        nonce: sent.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(sent.codeVerifier),
        code_challenge_method: 'S256',
        ...(ask.maxAgeSeconds !== undefined && { max_age: String(ask.maxAgeSeconds) }),
        ...(ask.chooseAccount === true && { prompt: accountChoice(configuration.serverMetadata()) }),
        ...(ask.signInAgain === true && { prompt: 'login' }),
      })
      return { url: url.href, sent }
    },

    async authorizationResponse(callback, sent) {
      try {
        const configuration = await discovered()
        const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
          expectedState: sent.state,
          expectedNonce: sent.nonce,
          pkceCodeVerifier: sent.codeVerifier,
          idTokenExpected: true,
          ...(sent.maxAgeSeconds !== undefined && { maxAge: sent.maxAgeSeconds }),
        })
        const claims = tokens.claims()
        const fault = claims && claimsFault(claims, settings.clientId)
        if (fault !== undefined) return { kind: 'failed', reason: 'invalid', detail: fault }
        const identity = await identify(configuration, tokens, settings)
        return judgeTime(identity, claims?.auth_time, sent)
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}

/** Keycloak knows no `select_account` and would send the same person straight back: there, signing in again is the choice. */
function accountChoice(metadata: oidc.ServerMetadata): string {
  const known = metadata['prompt_values_supported']
  return Array.isArray(known) && !known.includes('select_account') && known.includes('login')
    ? 'login'
    : 'select_account'
}

function outcomeOf(error: unknown): SignInOutcome {
  if (error instanceof oidc.AuthorizationResponseError) return { kind: 'declined', error: error.error.slice(0, 60) }
  return { kind: 'failed', reason: failureOf(error), detail: detailOf(error) }
}

function failureOf(error: unknown): SignInFailure {
  if (!(error instanceof Error)) return 'invalid'
  if (aboutAuthTime(error)) return 'stale'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'unreachable'
  if (error instanceof oidc.ResponseBodyError && error.status >= 500) return 'unreachable'
  const code = (error as { code?: unknown }).code
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') return 'unreachable'
  return error instanceof TypeError && code === undefined ? 'unreachable' : 'invalid'
}

/** The library says which claim failed only in the texts and facts that an error was caused by. */
function aboutAuthTime(error: Error): boolean {
  let cause: { cause?: unknown; claim?: unknown; message?: unknown } | undefined = error
  for (; typeof cause === 'object' && cause !== null; cause = cause.cause as typeof cause) {
    if (cause.claim === 'auth_time' || String(cause.message).includes('auth_time')) return true
  }
  return false
}

/** Names and codes alone: messages and causes of this library can quote a response, and so a token. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code, error: oauthError, status } = error as { code?: string; error?: string; status?: number }
  return [error.name, code, oauthError, status]
    .filter((part) => part !== undefined)
    .join(' ')
    .slice(0, 200)
}
