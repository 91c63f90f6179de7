import type { ServerMetadata } from 'openid-client'
import type { ProfileName } from './profiles.ts'

/** How the device authorization endpoint of each product ends, the longer before the shorter. */
const endings: readonly (readonly [string, ProfileName])[] = [
  ['//oauth2.googleapis.com/device/code', 'google'],
  ['/oauth2/v2.0/devicecode', 'entra'],
  ['/api/oidc/device-authorization', 'authelia'],
  ['/application/o/device/', 'authentik'],
  ['/protocol/openid-connect/auth/device', 'keycloak'],
  ['/api/oidc/device/authorize', 'pocket-id'],
  ['/oauth/v2/device_authorization', 'zitadel'],
  ['/oauth2/device/auth', 'hydra'],
  ['/auth/v1/oidc/device', 'rauthy'],
  ['/device_authorization', 'glewlwyd'],
  ['/device/code', 'dex'],
  ['/device/auth', 'oidc-provider'],
]

/**
 * Which product a discovery document seems to come from. For quirks alone: anybody can write such a document, so a
 * guess never counts as "asks every time".
 */
export function guessProfile(metadata: Pick<ServerMetadata, 'device_authorization_endpoint'>): ProfileName | undefined {
  const endpoint = metadata.device_authorization_endpoint
  return endings.find(([ending]) => endpoint?.endsWith(ending) === true)?.[1]
}
