import type { Identity } from './provider.ts'

/** The provider's own device grant, with us as its client (RFC 8628). */
export interface DeviceGrant {
  /** RFC 8628 §3.1-3.2: one request, at most 1.5 s, discovery included. Never throws. */
  request(): Promise<DeviceAuthorization>
  /** One poll (RFC 8628 §3.4-3.5), at most 8 s. Never throws; asks nobody when our clock says that the code is over. */
  poll(grant: PendingGrant): Promise<DevicePoll>
}

/** A code at the provider that waits for its person. `deviceCode` and `codeVerifier` are secrets. */
export type PendingGrant = {
  deviceCode: string
  codeVerifier?: string
  /** As the provider wrote it: case and dashes count. */
  userCode: string
  verificationUri: string
  verificationUriComplete?: string
  /** Never poll sooner; 5 s where the provider does not say. */
  intervalMs: number
  /** Ms since the epoch by our clock; at most 10 min after the request. */
  expiresAt: number
}

export type DeviceAuthorization =
  | { kind: 'pending'; grant: PendingGrant }
  /** The provider answered with 4xx. `status` is the one it sent. */
  | { kind: 'refused'; status: number; remedy: Remedy; detail: string }
  /** Discovery names no device authorization endpoint. */
  | { kind: 'unsupported' }
  /** No answer in time, or none that can be used. */
  | { kind: 'unreachable'; detail: string }

/** What the operator can do about a refusal; providers say "not for this client" in six different ways. */
export type Remedy = 'secret-or-auth-method' | 'grant-not-allowed' | 'too-many-requests'

export type DevicePoll =
  | { kind: 'pending' }
  | { kind: 'slow-down' }
  /** The tokens are gone already. `authTime`: when the person proved themselves, in ms since the epoch. */
  | { kind: 'identity'; identity: Identity; authTime?: number }
  | { kind: 'denied' }
  | { kind: 'expired' }
  /** Final: asking again is of no use. */
  | { kind: 'failed'; detail: string }
  /** A 5xx with an OAuth error: Authelia's way to say no. A few in a row are final. */
  | { kind: 'server-error'; detail: string }
  /** Ask again later, less often. */
  | { kind: 'unreachable'; detail: string }
