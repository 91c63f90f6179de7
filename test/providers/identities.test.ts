import { expect, test } from 'vitest'
import { createDeviceGrant } from '../../src/provider/openid-device-grant.ts'
import { createFakeClock } from '../support/clock.ts'
import { type Answer, type FakeProvider, oauthError, requestCode, startFakeProvider } from '../support/fake-provider.ts'

/** A provider whose code has just been approved, with the tokens that it hands out. */
async function startApproved(tokens: (provider: FakeProvider) => Answer, userinfo?: Answer) {
  const provider = await startFakeProvider(userinfo === undefined ? {} : { userinfo })
  provider.says.token = [tokens(provider)]
  const grant = createDeviceGrant(provider.settings(), createFakeClock(Date.now()))
  const code = await requestCode(grant)
  return { provider, poll: () => grant.poll(code) }
}

test('Dex and Pocket ID: everything is in the ID token', async () => {
  const { provider, poll } = await startApproved(({ tokens }) =>
    tokens({ email: 'robin@home.example', email_verified: true }),
  )
  expect(await poll()).toEqual({
    kind: 'identity',
    identity: { issuer: provider.issuer, sub: 'robin', name: 'Robin', email: 'robin@home.example', groups: ['family'] },
  })
  expect(provider.asked('/userinfo')).toEqual([])
})

test('Authelia: groups come from userinfo alone', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({ groups: undefined }), {
    body: { sub: 'robin', groups: ['family', 'admins'] },
  })
  expect(await poll()).toMatchObject({ kind: 'identity', identity: { groups: ['family', 'admins'] } })
})

test('userinfo about another person signs nobody in', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({ groups: undefined }), {
    body: { sub: 'sam', groups: ['admins'] },
  })
  expect(await poll()).toMatchObject({ kind: 'failed' })
})

test('userinfo does not overrule the ID token', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({ name: undefined }), {
    body: { sub: 'robin', name: 'Robin', groups: ['admins'] },
  })
  expect(await poll()).toMatchObject({ identity: { name: 'Robin', groups: ['family'] } })
})

test('Keycloak, Dex and Authelia: the time of the sign-in is known', async () => {
  const seconds = Math.floor(Date.now() / 1000) - 60
  const { poll } = await startApproved(({ tokens }) => tokens({ auth_time: seconds }))
  expect(await poll()).toMatchObject({ kind: 'identity', authTime: seconds * 1000 })
})

test('a sign-in in the future counts as now', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({ auth_time: Math.floor(Date.now() / 1000) + 3600 }))
  const outcome = await poll()
  expect(outcome.kind === 'identity' && (outcome.authTime ?? Infinity) <= Date.now()).toBe(true)
})

test('Pocket ID and Hydra: the audience may be a list', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({ aud: ['entryphone'] }))
  expect(await poll()).toMatchObject({ kind: 'identity' })
})

test('Keycloak and Authelia: a nonce that we did not send does no harm', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({ nonce: 'from somewhere' }))
  expect(await poll()).toMatchObject({ kind: 'identity' })
})

test.each([
  ['for another client (Dex hands tokens to any)', { aud: 'somebody-else' }],
  ['of another issuer', { iss: 'https://elsewhere.example' }],
  ['that has run out', { exp: 1 }],
  ['without a subject', { sub: undefined }],
  ['signed by a stranger', { signedBy: 'a stranger' }],
])('an ID token %s signs nobody in', async (_what, claims) => {
  const { poll } = await startApproved(({ tokens }) => tokens(claims))
  expect(await poll()).toMatchObject({ kind: 'failed' })
})

test('an empty sub signs nobody in', async () => {
  for (const sub of ['', ' ']) {
    const { poll } = await startApproved(({ tokens }) => tokens({ sub }))
    expect(await poll(), JSON.stringify(sub)).toMatchObject({ kind: 'failed' })
  }
})

test('GitHub: tokens without an ID token sign nobody in', async () => {
  const { poll } = await startApproved(({ tokens }) => tokens({}, { id_token: undefined }))
  expect(await poll()).toEqual({ kind: 'failed', detail: 'no ID token' })
})

test('Dex: the same tokens come again for the same code, Authelia: 500, Keycloak: invalid_grant', async () => {
  const { provider, poll } = await startApproved(({ tokens }) => tokens())
  const first = await poll()
  expect(await poll()).toEqual(first)
  provider.says.token = [oauthError('server_error', 500)]
  expect(await poll()).toMatchObject({ kind: 'server-error' })
  provider.says.token = [oauthError('invalid_grant')]
  expect(await poll()).toMatchObject({ kind: 'failed' })
})

test('Keycloak: nothing of the tokens is kept, and nothing is revoked or ended at the provider', async () => {
  const { provider, poll } = await startApproved(({ tokens }) => tokens({}, { refresh_token: 'a-refresh-token' }))
  const outcome = JSON.stringify(await poll())
  for (const secret of ['an-access-token', 'a-refresh-token', 'eyJ']) expect(outcome).not.toContain(secret)
  expect(new Set(provider.heard.map(({ path }) => path))).toEqual(
    new Set(['/.well-known/openid-configuration', '/device', '/token', '/jwks']),
  )
})

test('what goes wrong is told without the answer of the provider', async () => {
  const { provider, poll } = await startApproved(({ tokens }) => tokens({ aud: 'somebody-else' }))
  const told = [await poll()]
  provider.says.token = [{ body: { access_token: 'an-access-token', token_type: 'Bearer', id_token: 'not.a.token' } }]
  told.push(await poll())
  provider.says.token = [oauthError('an-access-token with\nmore')]
  told.push(await poll())
  expect(JSON.stringify(told)).not.toMatch(/an-access-token|eyJ|not\.a|somebody/)
})
