import { expect, test } from 'vitest'
import { providerSchema } from '../../src/config/provider-schema.ts'
import { guessProfile } from '../../src/provider/guess-profile.ts'
import { profileNames, profiles } from '../../src/provider/profiles.ts'
import { asksEveryTime } from '../../src/provider/way.ts'

test('only what was seen running counts as asking every time', () => {
  expect(profileNames.filter(asksEveryTime).sort()).toEqual(['authelia', 'keycloak', 'oidc-provider'])
  for (const { title, asks, evidence } of Object.values(profiles)) {
    if (asks === 'every time' || asks === 'not every time') expect(evidence, title).toMatch(/^run/)
  }
})

test('the config offers exactly these profiles', () => {
  const { enum: offered } = providerSchema.properties.profile as unknown as { enum: string[] }
  expect(offered).toEqual(profileNames)
})

test.each([
  ['authelia', 'https://id.home.example/api/oidc/device-authorization'],
  ['authentik', 'https://id.home.example/application/o/device/'],
  ['dex', 'https://id.home.example/dex/device/code'],
  ['entra', 'https://login.microsoftonline.com/common/oauth2/v2.0/devicecode'],
  ['glewlwyd', 'https://id.home.example/api/oidc/device_authorization'],
  ['google', 'https://oauth2.googleapis.com/device/code'],
  ['hydra', 'https://id.home.example/oauth2/device/auth'],
  ['keycloak', 'https://id.home.example/realms/family/protocol/openid-connect/auth/device'],
  ['oidc-provider', 'https://id.home.example/device/auth'],
  ['pocket-id', 'https://id.home.example/api/oidc/device/authorize'],
  ['rauthy', 'https://id.home.example/auth/v1/oidc/device'],
  ['zitadel', 'https://id.home.example/oauth/v2/device_authorization'],
  [undefined, 'https://id.home.example/something-else'],
  [undefined, undefined],
] as const)('quirks of %s are guessed from %s', (profile, endpoint) => {
  expect(guessProfile({ ...(endpoint !== undefined && { device_authorization_endpoint: endpoint }) })).toBe(profile)
})
