import type { DeviceAuthorizationResponse } from 'openid-client'
import { MINUTE, SECOND } from '../lib/clock.ts'
import type { PendingGrant } from './device-grant.ts'

const LONGEST_LIFE_MS = 10 * MINUTE

/**
 * A device authorization response (RFC 8628 §3.2) as we keep it; undefined when a screen could not show it. Times
 * count from the request, so that our clock is never later than the provider's.
 */
export function pendingGrant(
  answer: DeviceAuthorizationResponse,
  asked: { requestedAt: number; codeVerifier: string | undefined; insecureHttp: boolean },
): PendingGrant | undefined {
  const { device_code: deviceCode, user_code: userCode, verification_uri: verificationUri } = answer
  const isLink = (text: string) => isWebAddress(text, asked.insecureHttp)
  if (deviceCode.length > 4096 || !/^(?! )[\x20-\x7e]{1,64}(?<! )$/.test(userCode)) return undefined
  if (!(answer.expires_in > 0)) return undefined
  // SECURITY: the phone follows this link from our page. Test: a verification address that is no web address is refused
  if (!isLink(verificationUri)) return undefined
  const grant: PendingGrant = {
    deviceCode,
    userCode,
    verificationUri,
    intervalMs: (answer.interval ?? 5) * SECOND,
    expiresAt: asked.requestedAt + Math.min(answer.expires_in * SECOND, LONGEST_LIFE_MS),
  }
  if (asked.codeVerifier !== undefined) grant.codeVerifier = asked.codeVerifier
  const complete = answer.verification_uri_complete
  if (complete !== undefined && isLink(complete)) grant.verificationUriComplete = complete
  return grant
}

function isWebAddress(text: string, insecureHttp: boolean): boolean {
  if (text.length > 2048 || !URL.canParse(text)) return false
  const { protocol } = new URL(text)
  return protocol === 'https:' || (insecureHttp && protocol === 'http:')
}
