import * as oidc from 'openid-client'
import { type Clock, SECOND, within } from '../lib/clock.ts'
import { claimsFault } from './claims-fault.ts'
import type { DeviceAuthorization, DeviceGrant, DevicePoll, PendingGrant } from './device-grant.ts'
import { pollOutcome, requestOutcome } from './device-outcomes.ts'
import { createDiscovery, type ProviderSettings } from './discovery.ts'
import { faultOf } from './fault.ts'
import { guessProfile } from './guess-profile.ts'
import { identify } from './identify.ts'
import { pendingGrant } from './pending-grant.ts'
import { type ProfileName, profiles } from './profiles.ts'
import { createTamedFetch } from './tamed-fetch.ts'

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'
const REQUEST_MS = 1.5 * SECOND
const POLL_MS = 8 * SECOND

/** The device grant at the provider of `settings`. It has its own discovery, through a fetch that evens out quirks. */
export function createDeviceGrant(settings: ProviderSettings, clock: Clock): DeviceGrant {
  const discovered = createDiscovery({
    ...settings,
    fetch: createTamedFetch(settings.fetch ?? (fetch as oidc.CustomFetch)),
  })

  async function request(): Promise<DeviceAuthorization> {
    try {
      const configuration = await discovered()
      const metadata = configuration.serverMetadata()
      if (metadata.device_authorization_endpoint === undefined) return { kind: 'unsupported' }
      const codeVerifier = sendsPkce(settings.profile, metadata) ? oidc.randomPKCECodeVerifier() : undefined
      const requestedAt = clock.now()
      const answer = await oidc.initiateDeviceAuthorization(configuration, {
        scope: scopesFor(settings.scopes, metadata),
        ...(codeVerifier !== undefined && {
          code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        }),
      })
      const grant = pendingGrant(answer, { requestedAt, codeVerifier, insecureHttp: settings.insecureHttp })
      return grant === undefined ? { kind: 'unreachable', detail: 'unusable answer' } : { kind: 'pending', grant }
    } catch (error) {
      return requestOutcome(faultOf(error))
    }
  }

  async function poll(grant: PendingGrant): Promise<DevicePoll> {
    try {
      const configuration = await discovered()
      const tokens = await oidc.genericGrantRequest(configuration, GRANT_TYPE, {
        // Hydra and Pocket ID want it in the body whatever else proves the client.
        client_id: settings.clientId,
        device_code: grant.deviceCode,
        ...(grant.codeVerifier !== undefined && { code_verifier: grant.codeVerifier }),
      })
      const claims = tokens.claims()
      if (claims === undefined) return { kind: 'failed', detail: 'no ID token' }
      const fault = claimsFault(claims, settings.clientId)
      if (fault !== undefined) return { kind: 'failed', detail: fault }
      const identity = await identify(configuration, tokens, settings)
      const { auth_time: seconds } = claims
      if (seconds === undefined) return { kind: 'identity', identity }
      return { kind: 'identity', identity, authTime: Math.min(seconds * SECOND, clock.now()) }
    } catch (error) {
      return pollOutcome(faultOf(error))
    }
  }

  return {
    request: () => within(clock, REQUEST_MS, request(), silence(REQUEST_MS)),
    async poll(grant) {
      // SECURITY: Authelia and Pocket ID let a code that has run out be approved and redeemed. Test: Authelia: a code is over when our clock says so
      if (clock.now() >= grant.expiresAt) return { kind: 'expired' }
      return within(clock, POLL_MS, poll(grant), silence(POLL_MS))
    },
  }
}

/**
 * `openid` always; `groups` only where it is known, because Authelia, Pocket ID and Hydra refuse what they do not know;
 * `offline_access` never: nothing here outlives the moment, and on Keycloak it can fail after the approval.
 */
function scopesFor(scopes: readonly string[], metadata: oidc.ServerMetadata): string {
  const wanted = new Set(['openid', ...scopes])
  wanted.delete('offline_access')
  if (metadata.scopes_supported?.includes('groups') !== true) wanted.delete('groups')
  return [...wanted].join(' ')
}

/** Where it is advertised, and not known to be refused. Never without as a second try: that would be a downgrade. */
function sendsPkce(configured: ProfileName | undefined, metadata: oidc.ServerMetadata): boolean {
  const name = configured ?? guessProfile(metadata)
  if (name !== undefined && !profiles[name].pkce) return false
  return metadata.code_challenge_methods_supported?.includes('S256') === true
}

const silence = (ms: number) => ({ kind: 'unreachable', detail: `no answer in ${ms} ms` }) as const
