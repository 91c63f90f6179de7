import { expect, test } from 'vitest'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { createFakeClock } from '../support/clock.ts'
import { authorization, requestCode, startFakeProvider } from '../support/fake-provider.ts'

const now = Date.now()

/** The code that a provider hands out with these fields instead. */
async function codeFrom(fields: Record<string, unknown>) {
  const provider = await startFakeProvider({ device: { body: { ...authorization, ...fields } } })
  return requestCode(createDeviceGrant(provider.settings(), createFakeClock(now)))
}

test.each([
  ['Hydra', 'G7uhbbQq'],
  ['Authelia', 'KJFCJRNW'],
  ['Keycloak', 'LYFV-OSPG'],
  ['Pocket ID', 'E7MTZKRA'],
  ['Casdoor', '0a1b2c'],
  ['authentik', '123456789'],
])('%s: the code %s is shown as it is', async (_provider, code) => {
  expect((await codeFrom({ user_code: code })).userCode).toBe(code)
})

test('Google: verification_url is the verification address', async () => {
  const code = await codeFrom({
    verification_uri: undefined,
    verification_uri_complete: undefined,
    verification_url: 'https://www.google.com/device',
  })
  expect(code).toMatchObject({ verificationUri: 'https://www.google.com/device' })
  expect(code.verificationUriComplete).toBeUndefined()
})

test('Casdoor: a verification address that holds the code stays as it is, and no complete one is made up', async () => {
  const code = await codeFrom({
    verification_uri: 'https://id.home.example/login/oauth/device/0a1b2c?cancel=x',
    verification_uri_complete: undefined,
  })
  expect(code.verificationUri).toBe('https://id.home.example/login/oauth/device/0a1b2c?cancel=x')
  expect(code.verificationUriComplete).toBeUndefined()
})

test('Entra: numbers may come as texts', async () => {
  expect(await codeFrom({ interval: '7', expires_in: '300' })).toMatchObject({
    intervalMs: 7000,
    expiresAt: now + 300_000,
  })
})

test.each([
  ['oidc-provider', undefined],
  ['Glewlwyd', 0],
  ['nobody yet', -1],
  ['nobody yet', 'soon'],
  ['nobody yet', null],
])('%s: with the interval %j it is 5 s', async (_provider, interval) => {
  expect((await codeFrom({ interval })).intervalMs).toBe(5000)
})

test('Authelia: the interval is 10 s, the life 599 s', async () => {
  expect(await codeFrom({ interval: 10, expires_in: 599 })).toMatchObject({
    intervalMs: 10_000,
    expiresAt: now + 599_000,
  })
})

test('authentik: a life of one minute is one minute', async () => {
  expect((await codeFrom({ expires_in: 60 })).expiresAt).toBe(now + 60_000)
})

test.each([
  ['Pocket ID', 899],
  ['Google', 1800],
])('%s: of a life of %i s, a screen uses 10 min', async (_provider, life) => {
  expect((await codeFrom({ expires_in: life })).expiresAt).toBe(now + 600_000)
})

test('Hydra: a stray field does no harm', async () => {
  expect(await codeFrom({ Header: null })).toMatchObject({ userCode: 'WDJB-MJHT' })
})

test('authentik: an issuer that ends with a slash is found', async () => {
  const provider = await startFakeProvider({}, '/application/o/entryphone/')
  const grant = createDeviceGrant(provider.settings(), createFakeClock(now))
  provider.says.token = [provider.tokens()]
  expect(await grant.poll(await requestCode(grant))).toMatchObject({
    kind: 'identity',
    identity: { issuer: provider.issuer, sub: 'robin' },
  })
})
