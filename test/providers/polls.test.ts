import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ProviderSettings } from '../../src/provider/discovery.ts'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { createFakeClock } from '../support/clock.ts'
import {
  type Answer,
  authorization,
  oauthError,
  pending,
  requestCode,
  startFakeProvider,
} from '../support/fake-provider.ts'

/** A provider that has handed out a code, and a poll that waits the interval first. */
async function startWaiting(...token: Answer[]) {
  return startWaitingAs({}, ...token)
}

async function startWaitingAs(more: Partial<ProviderSettings>, ...token: Answer[]) {
  const provider = await startFakeProvider()
  if (token.length > 0) provider.says.token = token
  const clock = createFakeClock(Date.now())
  const grant = createDeviceGrant(provider.settings(more), clock)
  const code = await requestCode(grant)
  async function poll() {
    await clock.advance(code.intervalMs)
    return grant.poll(code)
  }
  return { provider, clock, grant, code, poll }
}

/** What comes of one answer at the token endpoint. */
async function pollAgainst(answer: Answer) {
  const { poll } = await startWaiting(answer)
  return poll()
}

test('every provider: the first poll may find nothing yet', async () => {
  expect(await pollAgainst(pending)).toEqual({ kind: 'pending' })
})

test('Dex before 2025: pending is 401 with a challenge', async () => {
  const answer = { status: 401, body: { error: 'authorization_pending' }, headers: { 'www-authenticate': 'Bearer' } }
  expect(await pollAgainst(answer)).toEqual({ kind: 'pending' })
})

test.each([
  ['Google', 428],
  ['Auth0', 403],
  ['Casdoor and GitHub', 200],
])('%s: pending is %i', async (_provider, status) => {
  expect(await pollAgainst(oauthError('authorization_pending', status))).toEqual({ kind: 'pending' })
})

test('Keycloak: slow_down whenever early, with the same interval', async () => {
  const { poll } = await startWaiting(oauthError('slow_down'), pending, oauthError('slow_down'))
  expect([await poll(), await poll(), await poll()].map(({ kind }) => kind)).toEqual([
    'slow-down',
    'pending',
    'slow-down',
  ])
})

test('Dex: slow_down grows, and each early poll says so again', async () => {
  const { provider, poll } = await startWaiting(oauthError('slow_down'), oauthError('slow_down'))
  expect([await poll(), await poll(), await poll()].map(({ kind }) => kind)).toEqual([
    'slow-down',
    'slow-down',
    'slow-down',
  ])
  expect(provider.asked('/token')).toHaveLength(3)
})

test.each([
  ['Auth0', oauthError('slow_down', 429)],
  ['authentik', { status: 429 }],
] as const)('%s: too early is 429', async (_provider, answer) => {
  expect(await pollAgainst(answer)).toEqual({ kind: 'slow-down' })
})

test('GitHub: slow_down comes with 200 and an interval', async () => {
  expect(await pollAgainst({ body: { error: 'slow_down', interval: 10 } })).toEqual({ kind: 'slow-down' })
})

test('Keycloak: a no is access_denied, each time', async () => {
  const { poll } = await startWaiting(oauthError('access_denied'))
  expect([await poll(), await poll()]).toEqual([{ kind: 'denied' }, { kind: 'denied' }])
})

test('Entra: a no is authorization_declined', async () => {
  expect(await pollAgainst(oauthError('authorization_declined'))).toEqual({ kind: 'denied' })
})

test('Rauthy: the third early poll is access_denied', async () => {
  const { poll } = await startWaiting(oauthError('slow_down'), oauthError('slow_down'), oauthError('access_denied'))
  expect([await poll(), await poll(), await poll()].at(-1)).toEqual({ kind: 'denied' })
})

test('Authelia: a no is 500 server_error, for ever', async () => {
  const { poll } = await startWaiting(oauthError('server_error', 500))
  const no = { kind: 'server-error', detail: '500 server_error' }
  expect([await poll(), await poll(), await poll()]).toEqual([no, no, no])
})

test('Hydra and Pocket ID: a no is never told; the code runs out', async () => {
  const { clock, code, grant, poll } = await startWaiting(pending)
  expect(await poll()).toEqual({ kind: 'pending' })
  await clock.advance(code.expiresAt - clock.now())
  expect(await grant.poll(code)).toEqual({ kind: 'expired' })
})

test('Authelia: a code is over when our clock says so', async () => {
  const { provider, clock, code, grant } = await startWaiting()
  await clock.advance(code.expiresAt - clock.now() - 1)
  expect(await grant.poll(code)).toEqual({ kind: 'pending' })
  provider.says.token = [provider.tokens()]
  await clock.advance(1)
  expect(await grant.poll(code)).toEqual({ kind: 'expired' })
  expect(provider.asked('/token')).toHaveLength(1)
})

test('Keycloak: a code that has run out is expired_token, then invalid_grant', async () => {
  const { poll } = await startWaiting(oauthError('expired_token'), oauthError('invalid_grant'))
  expect(await poll()).toEqual({ kind: 'expired' })
  expect(await poll()).toEqual({ kind: 'failed', detail: '400 invalid_grant' })
})

test('Dex: a wrong secret is told to the phone alone; the screen waits until the code has run out', async () => {
  const { clock, code, grant, poll } = await startWaitingAs({ clientSecret: 'wrong', profile: 'dex' }, pending)
  expect(await poll()).toEqual({ kind: 'pending' })
  await clock.advance(code.expiresAt - clock.now())
  expect(await grant.poll(code)).toEqual({ kind: 'expired' })
})

test.each([
  ['Keycloak, Pocket ID and Hydra: a device code that does not exist', oauthError('invalid_grant')],
  ['Dex: a device code that does not exist', oauthError('invalid_request')],
  ['Entra: a device code that does not exist', oauthError('bad_verification_code')],
  ['Keycloak: a wrong secret while polling', oauthError('unauthorized_client', 401)],
  ['Keycloak: offline_access without the role, after the approval', oauthError('not_allowed')],
  ['Authelia: a nonce that is too short, after the approval', oauthError('insufficient_entropy')],
  ['Authelia: an empty object', { status: 400, body: {} }],
  ['Pocket ID up to 2.9: a sentence instead of a code', oauthError('The code is invalid or has expired. Try again!')],
  ['Glewlwyd: a bare 401', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }],
])('%s is final', async (_what, answer) => {
  expect(await pollAgainst(answer)).toMatchObject({ kind: 'failed' })
})

test.each([
  ['500 without JSON', { status: 500, body: 'oops' }],
  ['502 of a proxy', { status: 502, body: '<h1>Bad Gateway</h1>' }],
  ['503', { status: 503 }],
  ['500 with JSON that is no OAuth error', { status: 500, body: { message: 'oops' } }],
  ['404 of a proxy whose provider is away', { status: 404, body: '404 page not found' }],
  ['a page of a proxy with 200', { status: 200, body: '<h1>We are back soon</h1>' }],
] as const)('%s: asked again later', async (_what, answer) => {
  expect(await pollAgainst(answer)).toMatchObject({ kind: 'unreachable' })
})

test('Dex: a token endpoint that hangs has 8 s', async () => {
  const { provider, clock, grant, code } = await startWaiting('hangs')
  const heard = provider.hearing('/token')
  const answer = grant.poll(code)
  await heard
  await clock.advance(8000)
  expect(await answer).toEqual({ kind: 'unreachable', detail: 'no answer in 8000 ms' })
  expect(clock.pending()).toBe(0)
})

test('a provider that nobody listens for is asked again later', async () => {
  const { grant, code } = await startWaitingAs({})
  const gone = createDeviceGrant(
    { ...(await startFakeProvider()).settings(), issuer: 'http://127.0.0.1:9' },
    createFakeClock(Date.now()),
  )
  expect(await gone.poll(code)).toMatchObject({ kind: 'unreachable' })
  expect(await grant.poll(code)).toEqual({ kind: 'pending' })
})

test('a redirect at the token endpoint is not followed', async () => {
  const { provider, poll } = await startWaiting({ status: 307, headers: { location: '/elsewhere' } })
  expect(await poll()).toMatchObject({ kind: 'unreachable' })
  expect(provider.asked('/elsewhere')).toEqual([])
})

test('an answer without end is cut off', async () => {
  expect(await pollAgainst({ body: `{"access_token":"${'x'.repeat(300_000)}"}` })).toMatchObject({ kind: 'failed' })
})

test.each(['{}', '{"access_token":"x"}', '[]', '"x"', '{', 'null'])(
  'a token response %s signs nobody in',
  async (body) => {
    expect(await pollAgainst({ body, headers: { 'content-type': 'application/json' } })).toMatchObject({
      kind: 'failed',
    })
  },
)

test('Keycloak and Dex: PKCE, once begun, is proven at each poll', async () => {
  const { provider, code, poll } = await startWaiting()
  const challenge = provider.asked('/device')[0]?.form.get('code_challenge')
  provider.says.token = [
    ({ form }) => {
      const verifier = form.get('code_verifier') ?? ''
      const proven = createHash('sha256').update(verifier).digest('base64url') === challenge
      return proven ? provider.tokens() : oauthError('invalid_grant')
    },
  ]
  expect(await poll()).toMatchObject({ kind: 'identity' })
  expect(Object.fromEntries(provider.asked('/token')[0]?.form ?? [])).toMatchObject({
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: authorization.device_code,
    client_id: 'entryphone',
    code_verifier: code.codeVerifier,
  })
})
