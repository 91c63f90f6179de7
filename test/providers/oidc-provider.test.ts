import type { CustomFetch } from 'openid-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLoopbackFetch } from '../../src/demo/loopback.ts'
import type { DeviceGrant } from '../../src/provider/device-grant.ts'
import type { ProviderSettings } from '../../src/provider/discovery.ts'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { openDevicePage } from '../support/device-page.ts'
import { requestCode } from '../support/fake-provider.ts'
import { type Issuer, startIssuer } from '../support/issuer.ts'
import { createPerson, type Person } from '../support/person.ts'

const loopback = createLoopbackFetch()
let issuer: Issuer
let phone: Person
let clock: FakeClock
let grant: DeviceGrant

beforeEach(async () => {
  issuer = await startIssuer({ redirectUris: ['https://door.home.example/callback'] })
  phone = createPerson()
  clock = createFakeClock(Date.now())
  grant = createDeviceGrant(settings(), clock)
})

afterEach(async () => {
  await phone.close()
  await issuer.close()
})

function settings(more: Partial<ProviderSettings> = {}): ProviderSettings {
  return {
    issuer: issuer.issuer,
    clientId: issuer.clientId,
    clientSecret: issuer.clientSecret,
    clientAuth: 'auto',
    profile: 'oidc-provider',
    scopes: ['openid', 'profile', 'email', 'groups'],
    groupsClaim: 'groups',
    redirectUri: 'https://door.home.example/callback',
    insecureHttp: true,
    fetch: loopback.fetch as CustomFetch,
    ...more,
  }
}

/** A new code and the phone's page about it. */
async function startScreen() {
  const code = await requestCode(grant)
  const page = await openDevicePage(phone, code.verificationUriComplete ?? '')
  return { code, page }
}

test('a screen signs in: pending until the phone says yes, then known by (issuer, sub)', async () => {
  const { code, page } = await startScreen()
  expect(code).toMatchObject({ intervalMs: 5000, codeVerifier: expect.any(String) })
  expect(page.html).toContain(code.userCode)
  expect(await grant.poll(code)).toEqual({ kind: 'pending' })
  expect(await page.approve('robin')).toContain('The screen goes on by itself')
  expect(await grant.poll(code)).toEqual({
    kind: 'identity',
    identity: {
      issuer: issuer.issuer,
      sub: 'robin',
      name: 'Robin',
      email: 'robin@home.example',
      groups: ['family', 'admins'],
    },
    authTime: expect.any(Number),
  })
})

test('a phone that is signed in and knows the client is asked for every screen: its profile says so', async () => {
  const first = await startScreen()
  await first.page.approve('robin')
  expect(await grant.poll(first.code)).toMatchObject({ kind: 'identity' })
  const second = await startScreen()
  expect(second.page.html).toContain('Is this your screen?')
  expect(await grant.poll(second.code)).toEqual({ kind: 'pending' })
  await second.page.approve('nobody')
  expect(await grant.poll(second.code)).toMatchObject({ kind: 'identity', identity: { sub: 'robin' } })
})

test('a code is used once', async () => {
  const { code, page } = await startScreen()
  await page.approve('robin')
  expect(await grant.poll(code)).toMatchObject({ kind: 'identity' })
  expect(await grant.poll(code)).toEqual({ kind: 'failed', detail: '400 invalid_grant' })
})

test('"No, stop" on the phone is a no', async () => {
  const { code, page } = await startScreen()
  await page.deny()
  expect(await grant.poll(code)).toEqual({ kind: 'denied' })
})

test('Cancel at the sign-in is a no', async () => {
  const { code, page } = await startScreen()
  await page.approve('')
  expect(await grant.poll(code)).toEqual({ kind: 'denied' })
})

test('a code is over when our clock says so, also one that was approved', async () => {
  const { code, page } = await startScreen()
  await page.approve('robin')
  await clock.advance(code.expiresAt - clock.now())
  expect(await grant.poll(code)).toEqual({ kind: 'expired' })
})

test('a wrong secret is named as such', async () => {
  const wrong = createDeviceGrant(settings({ clientSecret: 'wrong' }), clock)
  expect(await wrong.request()).toMatchObject({ kind: 'refused', status: 401, remedy: 'secret-or-auth-method' })
})

test('a provider that is down while a screen waits is asked again later', async () => {
  const { code, page } = await startScreen()
  issuer.setOption('failWith', 502)
  expect(await grant.poll(code)).toMatchObject({ kind: 'unreachable' })
  issuer.setOption('failWith', undefined)
  await page.approve('sam')
  expect(await grant.poll(code)).toMatchObject({ kind: 'identity', identity: { sub: 'sam', groups: ['family'] } })
})
