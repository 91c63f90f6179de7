import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/lib/clock.ts'
import { type LogFields, silentLog } from '../../src/lib/log.ts'
import { describeWay } from '../../src/provider/describe-way.ts'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import type { ProfileName } from '../../src/provider/profiles.ts'
import { createWay, type GrantChoice } from '../../src/provider/way.ts'
import { createFakeClock } from '../support/clock.ts'
import { authorization, type Dialogue, oauthError, startFakeProvider } from '../support/fake-provider.ts'

const HOME = '198.51.100.7'

async function startHouse(grant: GrantChoice, profile: ProfileName | undefined, says: Dialogue = {}) {
  const provider = await startFakeProvider(says)
  const clock = createFakeClock(Date.now())
  const told: { event: string; fields: LogFields }[] = []
  const log = {
    ...silentLog,
    notice: (event: string, fields: LogFields = {}) => told.push({ event, fields }),
  }
  const deviceGrant = createDeviceGrant(provider.settings({ profile }), clock)
  const way = createWay({ grant, profile, deviceGrant, clock, log })
  return { provider, clock, told, way, asked: () => provider.asked('/device').length }
}

test('auto goes to a provider whose configured profile asks every time', async () => {
  const { way } = await startHouse('auto', 'keycloak')
  expect(await way.begin(HOME)).toMatchObject({
    way: 'provider',
    mustApproveHere: false,
    grant: { userCode: authorization.user_code },
  })
})

test('auto stays with the gateway unless the configured profile asks every time', async () => {
  for (const profile of [undefined, 'pocket-id', 'dex', 'authentik', 'glewlwyd', 'kanidm', 'hydra'] as const) {
    const { way, asked } = await startHouse('auto', profile)
    expect(await way.begin(HOME), profile).toEqual({ way: 'gateway' })
    expect(asked(), profile).toBe(0)
  }
})

test('auto does not believe a discovery document that looks like Keycloak', async () => {
  const { provider, way, asked } = await startHouse('auto', undefined)
  provider.says.metadata = {
    device_authorization_endpoint: `${provider.issuer}/realms/family/protocol/openid-connect/auth/device`,
  }
  expect(await way.begin(HOME)).toEqual({ way: 'gateway' })
  expect(asked()).toBe(0)
})

test('gateway never asks the provider', async () => {
  const { way, asked } = await startHouse('gateway', 'keycloak')
  expect(await way.begin(HOME)).toEqual({ way: 'gateway' })
  expect(asked()).toBe(0)
})

test.each([
  ['Keycloak', 'keycloak', oauthError('unauthorized_client', 401), /secret is wrong/],
  ['Keycloak', 'keycloak', oauthError('unauthorized_client'), /allow this client/],
  ['Authelia', 'authelia', { status: 400, body: {} }, /allow this client/],
  ['Authelia', 'authelia', { status: 401, body: {} }, /client_auth is not the method/],
  ['oidc-provider', 'oidc-provider', { status: 404, body: 'no' }, /allow this client/],
  ['authentik', 'keycloak', { status: 429 }, /counts requests/],
] as const)(
  '%s (%s) refuses with %j: auto lets the gateway do it, and says so once',
  async (_name, profile, device, remedy) => {
    const { way, told } = await startHouse('auto', profile, { device })
    expect(await way.begin(HOME)).toEqual({ way: 'gateway' })
    expect(await way.begin(HOME)).toEqual({ way: 'gateway' })
    expect(told).toEqual([
      {
        event: 'device_grant_failed',
        fields: expect.objectContaining({ remedy: expect.stringMatching(remedy), way: 'gateway' }),
      },
    ])
  },
)

test('after a refusal auto stays with the gateway for 10 minutes, then asks again', async () => {
  const { provider, clock, way, asked } = await startHouse('auto', 'keycloak', {
    device: oauthError('invalid_client', 401),
  })
  await way.begin(HOME)
  provider.says = {}
  await clock.advance(10 * MINUTE - 1)
  expect(await way.begin(HOME)).toEqual({ way: 'gateway' })
  expect(asked()).toBe(1)
  await clock.advance(1)
  expect(await way.begin(HOME)).toMatchObject({ way: 'provider' })
})

test('a provider that takes longer than 1.5 s: auto lets the gateway do it', async () => {
  const { provider, clock, way, told } = await startHouse('auto', 'keycloak', { device: 'hangs' })
  const heard = provider.hearing('/device')
  const taken = way.begin(HOME)
  await heard
  await clock.advance(1500)
  expect(await taken).toEqual({ way: 'gateway' })
  expect(told[0]?.fields).toMatchObject({ detail: 'no answer in 1500 ms', minutes: 10 })
})

test('several screens that meet a refusal at once are told as one', async () => {
  const { way, told } = await startHouse('auto', 'keycloak', { device: oauthError('unauthorized_client') })
  const taken = await Promise.all([way.begin(HOME), way.begin(HOME), way.begin(HOME)])
  expect(taken).toEqual([{ way: 'gateway' }, { way: 'gateway' }, { way: 'gateway' }])
  expect(told).toHaveLength(1)
})

test('a forced provider that does not ask every time wants the approval here as well', async () => {
  for (const profile of [undefined, 'pocket-id', 'dex', 'glewlwyd', 'zitadel'] as const) {
    const { way } = await startHouse('provider', profile)
    expect(await way.begin(HOME), profile).toMatchObject({ way: 'provider', mustApproveHere: true })
  }
})

test('a forced provider that asks every time does not', async () => {
  const { way } = await startHouse('provider', 'authelia')
  expect(await way.begin(HOME)).toMatchObject({ way: 'provider', mustApproveHere: false })
})

test.each([
  ['refused', { device: oauthError('unauthorized_client') }],
  ['unsupported', { metadata: { device_authorization_endpoint: undefined } }],
  ['unreachable', { device: { status: 502 } }],
] as const)('a forced provider that is %s fails, and never becomes the gateway', async (why, says) => {
  const { provider, way, told } = await startHouse('provider', 'keycloak', says)
  expect(await way.begin(HOME)).toEqual({ way: 'failed', why })
  expect(await way.begin(HOME)).toEqual({ way: 'failed', why })
  expect(told.map(({ fields }) => fields['way'])).toEqual(['failed'])
  // Nothing was remembered of a discovery that failed, and a forced provider has no pause.
  if (why === 'refused') {
    provider.says = {}
    expect(await way.begin(HOME)).toMatchObject({ way: 'provider' })
  }
})

test('authentik: ten starts an hour are used of its twenty', async () => {
  const { clock, way, told, asked } = await startHouse('provider', 'authentik')
  for (let start = 0; start < 10; start++)
    expect(await way.begin(`192.0.${start}.1`)).toMatchObject({ way: 'provider' })
  expect(await way.begin(HOME)).toEqual({ way: 'failed', why: 'too-many' })
  expect(await way.begin(HOME)).toEqual({ way: 'failed', why: 'too-many' })
  expect(asked()).toBe(10)
  expect(told.map(({ event }) => event)).toEqual(['device_grant_spent'])
  await clock.advance(HOUR)
  expect(await way.begin(HOME)).toMatchObject({ way: 'provider' })
})

test('auto lets the gateway do it when the starts of the hour are spent, without a pause after it', async () => {
  const { clock, way } = await startHouse('auto', 'keycloak')
  for (let start = 0; start < 60; start++) await way.begin(`192.0.${start}.1`)
  expect(await way.begin(HOME)).toEqual({ way: 'gateway' })
  await clock.advance(HOUR)
  expect(await way.begin(HOME)).toMatchObject({ way: 'provider' })
})

test.each([
  ['gateway', 'keycloak', /^gateway: the config says so$/],
  ['auto', undefined, /^gateway \(auto\): no profile/],
  ['auto', 'keycloak', /^provider \(auto\): Keycloak asks for every screen \(run .*the gateway steps in/],
  ['auto', 'pocket-id', /^gateway \(auto\): Pocket ID does not ask for every screen \(run/],
  ['auto', 'zitadel', /^gateway \(auto\): Zitadel is not known to ask/],
  ['auto', 'kanidm', /^gateway \(auto\): Kanidm has no device grant/],
  ['provider', 'keycloak', /^provider: the config says so; Keycloak asks/],
  [
    'provider',
    'pocket-id',
    /^provider: the config says so, but Pocket ID does not ask.*approved on Entryphone's page as well$/,
  ],
  ['provider', undefined, /^provider: the config says so, but no profile/],
] as const)('check on grant %s and profile %s', (grant, profile, line) => {
  expect(describeWay({ grant, profile })).toMatch(line)
})

test('D12: one network cannot take all codes that the provider gives in an hour', async () => {
  const { way, asked } = await startHouse('auto', 'keycloak')
  for (let start = 0; start < 100; start++) await way.begin(`2001:db8:0:${start.toString(16)}::1`)
  expect(asked()).toBe(45)
  expect(await way.begin('2001:db8::1')).toEqual({ way: 'gateway' })
  for (let start = 0; start < 15; start++) expect(await way.begin(HOME)).toMatchObject({ way: 'provider' })
})
