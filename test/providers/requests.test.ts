import { expect, test } from 'vitest'
import type { ProviderSettings } from '../../src/provider/discovery.ts'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { pendingGrant } from '../../src/provider/pending-grant.ts'
import { createFakeClock } from '../support/clock.ts'
import {
  type Answer,
  authorization,
  type Dialogue,
  oauthError,
  requestCode,
  startFakeProvider,
} from '../support/fake-provider.ts'

const start = Date.now()

async function startTalking(says: Dialogue, more?: Partial<ProviderSettings>) {
  const provider = await startFakeProvider(says)
  const clock = createFakeClock(start)
  return { provider, clock, grant: createDeviceGrant(provider.settings(more), clock) }
}

/** What comes of one answer at the device authorization endpoint. */
async function requestAgainst(device: Answer) {
  const { grant } = await startTalking({ device })
  return grant.request()
}

const refused = (status: number, remedy: string) => expect.objectContaining({ kind: 'refused', status, remedy })

test('Keycloak: a client without the grant is refused with 400 unauthorized_client', async () => {
  expect(await requestAgainst(oauthError('unauthorized_client'))).toEqual(refused(400, 'grant-not-allowed'))
})

test('Keycloak: a wrong secret is 401 unauthorized_client', async () => {
  expect(await requestAgainst(oauthError('unauthorized_client', 401))).toEqual(refused(401, 'secret-or-auth-method'))
})

test('Authelia: a client without the grant is refused with 400 and an empty object', async () => {
  expect(await requestAgainst({ status: 400, body: {} })).toEqual(refused(400, 'grant-not-allowed'))
})

test('Authelia: another auth method than the registered one is 401 and an empty object', async () => {
  const answer = { status: 401, body: {}, headers: { 'www-authenticate': 'Basic realm="x"' } }
  expect(await requestAgainst(answer)).toEqual(refused(401, 'secret-or-auth-method'))
})

test('Hydra: a client without the grant is refused with 400 invalid_grant', async () => {
  expect(await requestAgainst(oauthError('invalid_grant'))).toEqual(refused(400, 'grant-not-allowed'))
})

test('Hydra and Pocket ID: a wrong secret is 401 invalid_client', async () => {
  expect(await requestAgainst(oauthError('invalid_client', 401))).toEqual(refused(401, 'secret-or-auth-method'))
})

test('Hydra and Pocket ID: a scope that the client lacks is 400 invalid_scope', async () => {
  expect(await requestAgainst(oauthError('invalid_scope'))).toMatchObject({
    kind: 'refused',
    detail: '400 invalid_scope',
  })
})

test.each([404, 405])('mock-oauth2-server: an endpoint that is advertised but not there is %i', async (status) => {
  expect(await requestAgainst({ status, body: 'not here' })).toEqual(refused(status, 'grant-not-allowed'))
})

test('authentik: the throttle of 20 an hour is 429 without a body', async () => {
  expect(await requestAgainst({ status: 429 })).toEqual(refused(429, 'too-many-requests'))
})

test('Casdoor and GitHub: a refusal comes with 200', async () => {
  const answer = { status: 200, body: { error: 'device_flow_disabled' } }
  expect(await requestAgainst(answer)).toEqual(refused(200, 'grant-not-allowed'))
})

test('Dex: any client gets a code, also one that does not exist', async () => {
  const { grant } = await startTalking({}, { clientId: 'nobody', clientSecret: 'wrong', profile: 'dex' })
  expect(await grant.request()).toMatchObject({ kind: 'pending' })
})

test('oauth2-mock-server: discovery without a device endpoint is no fault', async () => {
  const { provider, grant } = await startTalking({ metadata: { device_authorization_endpoint: undefined } })
  expect(await grant.request()).toEqual({ kind: 'unsupported' })
  expect(provider.asked('/device')).toEqual([])
})

test.each([500, 502, 503])('a provider that answers %i can not be reached', async (status) => {
  expect(await requestAgainst({ status, body: 'a page of the proxy' })).toMatchObject({ kind: 'unreachable' })
})

test('a provider that is away, then back: nothing is remembered', async () => {
  const { provider, grant } = await startTalking({ metadata: { issuer: 'http://elsewhere.example' } })
  expect(await grant.request()).toMatchObject({ kind: 'unreachable' })
  provider.says = {}
  expect(await grant.request()).toMatchObject({ kind: 'pending' })
})

test('a device endpoint that hangs has 1.5 s', async () => {
  const { provider, clock, grant } = await startTalking({ device: 'hangs' })
  const heard = provider.hearing('/device')
  const answer = grant.request()
  await heard
  await clock.advance(1500)
  expect(await answer).toEqual({ kind: 'unreachable', detail: 'no answer in 1500 ms' })
})

test.each([
  ['no device code', { device_code: undefined }],
  ['no address', { verification_uri: undefined }],
  ['no life', { expires_in: undefined }],
  ['a life that is over', { expires_in: 0 }],
  ['a code that no screen can show', { user_code: 'WDJB\u0000MJHT' }],
  ['a code of a page length', { user_code: 'W'.repeat(65) }],
])('an answer with %s is not used', async (_what, broken) => {
  expect(await requestAgainst({ body: { ...authorization, ...broken } })).toMatchObject({ kind: 'unreachable' })
})

test('a verification address that is no web address is refused', async () => {
  for (const link of ['javascript:alert(1)', 'data:text/html,x', 'device', 'ftp://id.home.example/']) {
    const answer = await requestAgainst({ body: { ...authorization, verification_uri: link } })
    expect(answer, link).toMatchObject({ kind: 'unreachable', detail: 'unusable answer' })
  }
  const { grant } = await startTalking({
    device: { body: { ...authorization, verification_uri_complete: 'javascript:alert(1)' } },
  })
  expect((await requestCode(grant)).verificationUriComplete).toBeUndefined()
})

test('a plain http verification address needs insecure_http', () => {
  const answer = { ...authorization, verification_uri: 'http://id.home.example/device' }
  const asked = { requestedAt: start, codeVerifier: undefined }
  expect(pendingGrant(answer, { ...asked, insecureHttp: false })).toBeUndefined()
  expect(pendingGrant(answer, { ...asked, insecureHttp: true })?.verificationUri).toBe(answer.verification_uri)
})

test('the request says who we are and what we want, and nothing else', async () => {
  const { provider, grant } = await startTalking({}, { clientAuth: 'post' })
  await requestCode(grant)
  const [asked] = provider.asked('/device')
  expect(Object.fromEntries(asked?.form ?? [])).toEqual({
    client_id: 'entryphone',
    client_secret: 'a secret of the tests',
    scope: 'openid profile email groups',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  })
})

test('Authelia: no nonce, prompt or max_age goes with the request', async () => {
  const { provider, grant } = await startTalking({}, { profile: 'authelia' })
  await requestCode(grant)
  for (const name of ['nonce', 'prompt', 'max_age'])
    expect(provider.asked('/device')[0]?.form.has(name), name).toBe(false)
})

test('Hydra and Pocket ID: client_id is in the body beside Basic', async () => {
  const asks = ({ form, authorization: basic }: { form: URLSearchParams; authorization: string | undefined }) =>
    form.get('client_id') === 'entryphone' && basic?.startsWith('Basic ') === true
  const { provider, clock, grant } = await startTalking(
    { device: (heard) => (asks(heard) ? { body: authorization } : oauthError('invalid_request')) },
    { clientAuth: 'basic' },
  )
  provider.says.token = [(heard) => (asks(heard) ? provider.tokens() : oauthError('invalid_request'))]
  const code = await requestCode(grant)
  await clock.advance(code.intervalMs)
  expect(await grant.poll(code)).toMatchObject({ kind: 'identity' })
})

test('Authelia and Hydra: the profile sends the secret in the header, Dex and Rauthy in the body', async () => {
  const methodOf = async (profile: ProviderSettings['profile']) => {
    const { provider, grant } = await startTalking({}, { profile })
    await requestCode(grant)
    const [asked] = provider.asked('/device')
    return { header: asked?.authorization !== undefined, body: asked?.form.has('client_secret') }
  }
  for (const profile of ['authelia', 'hydra'] as const)
    expect(await methodOf(profile)).toEqual({ header: true, body: false })
  for (const profile of ['dex', 'rauthy'] as const)
    expect(await methodOf(profile)).toEqual({ header: false, body: true })
})

test('Entra: a public client sends no secret at all', async () => {
  const { provider, grant } = await startTalking({}, { profile: 'entra', clientAuth: 'none', clientSecret: undefined })
  await requestCode(grant)
  const [asked] = provider.asked('/device')
  expect([asked?.authorization, asked?.form.has('client_secret')]).toEqual([undefined, false])
})

test('Dex: openid is asked for whatever the config says', async () => {
  const { provider, grant } = await startTalking({}, { scopes: ['profile'] })
  await requestCode(grant)
  expect(provider.asked('/device')[0]?.form.get('scope')).toBe('openid profile')
})

test('Keycloak: groups is not asked for where discovery does not know it', async () => {
  const { provider, grant } = await startTalking({ metadata: { scopes_supported: ['openid', 'profile', 'email'] } })
  await requestCode(grant)
  expect(provider.asked('/device')[0]?.form.get('scope')).toBe('openid profile email')
})

test('Keycloak: offline_access is never asked for', async () => {
  const { provider, grant } = await startTalking({}, { scopes: ['openid', 'offline_access'] })
  await requestCode(grant)
  expect(provider.asked('/device')[0]?.form.get('scope')).toBe('openid')
})

test('Keycloak: a client that demands PKCE gets it', async () => {
  const { grant } = await startTalking({
    device: ({ form }) => (form.has('code_challenge') ? { body: authorization } : oauthError('invalid_request')),
  })
  expect((await requestCode(grant)).codeVerifier).toMatch(/^[\w-]{43,}$/)
})

test('PKCE that is refused is not left out in a second try', async () => {
  const { provider, grant } = await startTalking({
    device: ({ form }) => (form.has('code_challenge') ? oauthError('invalid_request') : { body: authorization }),
  })
  expect(await grant.request()).toMatchObject({ kind: 'refused', status: 400 })
  expect(provider.asked('/device')).toHaveLength(1)
})

test('Google: no PKCE goes with the request', async () => {
  const { provider, grant } = await startTalking({}, { profile: 'google' })
  expect((await requestCode(grant)).codeVerifier).toBeUndefined()
  expect(provider.asked('/device')[0]?.form.has('code_challenge')).toBe(false)
})

test('no PKCE goes to a provider that does not advertise S256', async () => {
  const { grant } = await startTalking({ metadata: { code_challenge_methods_supported: ['plain'] } })
  expect((await requestCode(grant)).codeVerifier).toBeUndefined()
})
