import { expect, test } from 'vitest'
import { makeAuthority, makeCertificate } from '../support/certificate.ts'
import { ISSUER, startHttpsProvider } from '../support/https-provider.ts'

const DAY = 86_400_000
const HOST: [string] = ['id.home.example']
const identity = { kind: 'identity', identity: { issuer: ISSUER, sub: 'robin' } }

test('a provider with a certificate of the home is reached with ca_file, and the log names that option without it', async () => {
  const ca = await makeAuthority()
  const provider = await startHttpsProvider(await makeCertificate(HOST, { ca }))
  expect(await provider.signIn()).toBeInstanceOf(TypeError)
  expect(provider.told).toEqual([
    {
      event: 'provider_certificate_refused',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      remedy: expect.stringContaining('provider.ca_file'),
    },
  ])
  expect(await provider.signIn({ ca: (await makeAuthority('Another')).cert })).toBeInstanceOf(TypeError)
  expect(provider.heard).toEqual([])
  expect(await provider.signIn({ ca: ca.cert })).toMatchObject(identity)
})

test('internal_url changes the address alone: Host and the name in the certificate stay those of the issuer', async () => {
  const ca = await makeAuthority()
  const provider = await startHttpsProvider(await makeCertificate(HOST, { ca }))
  expect(await provider.signIn({ ca: ca.cert })).toMatchObject(identity)
  expect(new Set(provider.heard.map(({ host }) => host))).toEqual(new Set(HOST))
  expect(new Set(provider.heard.map(({ servername }) => servername))).toEqual(new Set(HOST))
})

test('internal_url is for the issuer with its port alone', async () => {
  const ca = await makeAuthority()
  const provider = await startHttpsProvider(await makeCertificate(HOST, { ca }))
  await provider.signIn({ ca: ca.cert }, `${ISSUER}:8443`)
  expect(provider.heard).toEqual([
    { path: '/.well-known/openid-configuration', host: 'id.home.example:8443', servername: 'id.home.example' },
  ])
  // Nobody is at this port, and at the inner address nobody is asked in its place.
  provider.metadata = { token_endpoint: 'https://127.0.0.1:9/token' }
  provider.heard.length = 0
  await provider.signIn({ ca: ca.cert, endpointHosts: ['127.0.0.1:9'] })
  expect(provider.heard.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration'])
})

test('N3: a provider whose certificate is for the inner address, expired or self-signed is not asked', async () => {
  const ca = await makeAuthority()
  const past = { from: new Date(Date.now() - 2 * DAY), until: new Date(Date.now() - DAY) }
  for (const [pair, code] of [
    [await makeCertificate(['127.0.0.1'], { ca }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [await makeCertificate(HOST, { ca, ...past }), 'CERT_HAS_EXPIRED'],
    [await makeCertificate(HOST), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const) {
    const provider = await startHttpsProvider(pair)
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect(await provider.signIn({ ca: ca.cert })).toBeInstanceOf(TypeError)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
    expect([provider.heard, provider.told]).toEqual([
      [],
      [expect.objectContaining({ event: 'provider_certificate_refused', code })],
    ])
  }
})
