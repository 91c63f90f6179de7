import * as client from 'openid-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLoopbackFetch } from '../../src/demo/loopback.ts'
import { type Issuer, startIssuer } from '../support/issuer.ts'
import { createPerson, type Person } from '../support/person.ts'

const callback = 'http://door.localhost:8080/callback'
const loopback = createLoopbackFetch()
let issuer: Issuer
let person: Person
let relyingParty: client.Configuration

beforeEach(async () => {
  issuer = await startIssuer({ redirectUris: [callback] })
  person = createPerson()
  relyingParty = await client.discovery(
    new URL(issuer.issuer),
    issuer.clientId,
    { client_secret: issuer.clientSecret },
    client.ClientSecretBasic(issuer.clientSecret),
    { execute: [client.allowInsecureRequests], [client.customFetch]: loopback.fetch as client.CustomFetch },
  )
})

afterEach(async () => {
  await person.close()
  await issuer.close()
})

/** Asks for a sign-in, presses `button` if a page asks, and redeems the answer. */
async function signIn(button: string, ask: Record<string, string> = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const url = client.buildAuthorizationUrl(relyingParty, {
    redirect_uri: callback,
    scope: 'openid profile email groups',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    ...ask,
  })
  const atDoor = (at: URL) => at.href.startsWith(callback)
  let page = ''
  let end = await person.follow(url, atDoor)
  if (end.response !== undefined) {
    page = await end.response.text()
    const pressed = await person.go(end.url, { person: button })
    end = await person.follow(new URL(pressed.headers.get('location') ?? '', end.url), atDoor)
  }
  const maxAge = ask['max_age'] === undefined ? {} : { maxAge: Number(ask['max_age']) }
  const redeem = () =>
    client.authorizationCodeGrant(relyingParty, end.url, { pkceCodeVerifier, expectedState, ...maxAge })
  return { page, callback: end.url, redeem }
}

test('a person signs in at the demo provider with one button', async () => {
  const { page, callback: back, redeem } = await signIn('robin')
  expect(page).toContain('Continue as Robin')
  expect(back.searchParams.get('iss')).toBe(issuer.issuer)
  const claims = (await redeem()).claims()
  expect(claims).toMatchObject({
    sub: 'robin',
    name: 'Robin',
    email: 'robin@home.example',
    email_verified: true,
    groups: ['family', 'admins'],
  })
  expect(claims?.['auth_time']).toBeTypeOf('number')
})

test('a person who is signed in at the demo provider is not asked again', async () => {
  await signIn('robin')
  const second = await signIn('nobody')
  expect(second.page).toBe('')
  expect((await second.redeem()).claims()?.sub).toBe('robin')
})

test('max_age and prompt=login ask the person again', async () => {
  issuer.setOption('signedInSecondsAgo', 1000)
  await signIn('robin')
  issuer.setOption('signedInSecondsAgo', 0)
  const again = await signIn('robin', { max_age: '900' })
  expect(again.page).toContain('Is it still you?')
  expect((await again.redeem()).claims()?.sub).toBe('robin')
  expect((await signIn('robin', { max_age: '900' })).page).toBe('')
  expect((await signIn('robin', { prompt: 'login' })).page).toContain('Is it still you?')
})

test('another person of the household takes over at the account choice', async () => {
  await signIn('robin')
  const other = await signIn('sam', { prompt: 'select_account' })
  expect(other.page).toContain('Continue as Sam')
  expect((await other.redeem()).claims()).toMatchObject({ sub: 'sam', groups: ['family'] })
})

test('Cancel at the demo provider goes back with access_denied', async () => {
  const { callback: back } = await signIn('')
  expect(back.searchParams.get('error')).toBe('access_denied')
})

test('a client without PKCE or with an unknown address gets no code', async () => {
  const plain = client.buildAuthorizationUrl(relyingParty, { redirect_uri: callback, scope: 'openid' })
  const refused = await person.follow(plain, (at) => at.href.startsWith(callback))
  expect(refused.url.searchParams.get('error')).toBe('invalid_request')
  const elsewhere = client.buildAuthorizationUrl(relyingParty, {
    redirect_uri: 'http://evil.example/',
    scope: 'openid',
  })
  const page = await person.go(elsewhere)
  expect(page.status).toBe(400)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('a device sign-in at the demo provider asks for the code to be compared, then hands out tokens once', async () => {
  const device = await client.initiateDeviceAuthorization(relyingParty, { scope: 'openid' })
  const xsrfOf = (html: string) => /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
  const entry = await (await person.go(device.verification_uri)).text()
  const confirm = await (
    await person.go(device.verification_uri, { xsrf: xsrfOf(entry), user_code: device.user_code })
  ).text()
  expect(confirm).toContain('Is this your screen?')
  expect(confirm).toContain(device.user_code)
  const yes = { xsrf: xsrfOf(confirm), user_code: device.user_code, confirm: 'yes' }
  const toSignIn = await person.go(device.verification_uri, yes)
  const pressed = await person.go(new URL(toSignIn.headers.get('location') ?? '', issuer.issuer), { person: 'robin' })
  const done = await person.follow(new URL(pressed.headers.get('location') ?? '', issuer.issuer), () => false)
  expect(await done.response?.text()).toContain('The screen goes on by itself')
  const redeem = () =>
    client.genericGrantRequest(relyingParty, 'urn:ietf:params:oauth:grant-type:device_code', {
      device_code: device.device_code,
    })
  expect((await redeem()).claims()?.sub).toBe('robin')
  await expect(redeem()).rejects.toMatchObject({ error: 'invalid_grant' })
})
