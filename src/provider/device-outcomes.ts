import type { DeviceAuthorization, DevicePoll, Remedy } from './device-grant.ts'
import type { Fault } from './fault.ts'

/**
 * A device authorization request that failed. Any 4xx is a refusal: Keycloak says `unauthorized_client`, Hydra
 * `invalid_grant`, Authelia `{}`, others 404 or 405 for the same thing, so only the status is looked at.
 */
export function requestOutcome(fault: Fault): DeviceAuthorization {
  const { detail } = fault
  if (fault.kind !== 'answer') return { kind: 'unreachable', detail }
  // Casdoor and GitHub refuse with 200.
  const refuses = (fault.status >= 400 && fault.status < 500) || (fault.status === 200 && fault.error !== undefined)
  if (!refuses) return { kind: 'unreachable', detail }
  return { kind: 'refused', status: fault.status, remedy: remedyFor(fault.status), detail }
}

function remedyFor(status: number): Remedy {
  if (status === 401) return 'secret-or-auth-method'
  return status === 429 ? 'too-many-requests' : 'grant-not-allowed'
}

/** A poll that brought no tokens (RFC 8628 §3.5): go on for two errors, stop for every other. */
export function pollOutcome(fault: Fault): DevicePoll {
  const { detail } = fault
  if (fault.kind === 'unreachable') return { kind: 'unreachable', detail }
  if (fault.kind === 'invalid') return { kind: 'failed', detail }
  switch (fault.error) {
    case 'authorization_pending':
      return { kind: 'pending' }
    case 'slow_down':
      return { kind: 'slow-down' }
    case 'access_denied':
    // Entra's word for it.
    case 'authorization_declined':
      return { kind: 'denied' }
    case 'expired_token':
      return { kind: 'expired' }
  }
  // authentik's throttle answers without a body.
  if (fault.status === 429) return { kind: 'slow-down' }
  if (fault.status >= 500 && fault.error !== undefined) return { kind: 'server-error', detail }
  // Providers speak JSON, but for a bare 401; anything else comes from a proxy whose provider is away.
  if (fault.status >= 500 || (!fault.isJson && fault.status !== 401)) return { kind: 'unreachable', detail }
  return { kind: 'failed', detail }
}
