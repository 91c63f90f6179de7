import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { createDeviceGrant } from '../../../src/provider/openid-device-grant.ts'
import { createRoad } from '../../../src/provider/road.ts'
import { makeAuthority, makeCertificate } from '../../support/certificate.ts'
import { createFakeClock } from '../../support/clock.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { ISSUER, startHttpsProvider } from '../../support/https-provider.ts'
import { startInner } from '../../support/inner.ts'

const HOST: [string] = ['id.home.example']
const identity = { kind: 'identity', identity: { issuer: ISSUER, sub: 'robin' } }

async function startGoodProvider() {
  const ca = await makeAuthority()
  return { ca: ca.cert, provider: await startHttpsProvider(await makeCertificate(HOST, { ca })) }
}

test('B5: a device endpoint on another host is never asked, and the gateway goes its own way', async () => {
  const inner = await startInner()
  const metadata = { device_authorization_endpoint: `${inner.origin}/device` }
  const { issuer, settings, asked } = await startFakeProvider({ metadata })
  const address = { issuer, ca: undefined, internalUrl: undefined, endpointHosts: [] }
  const told: string[] = []
  const log = { ...silentLog, warn: (event: string) => void told.push(event) }
  const road = createRoad(address, { fetch: undefined, log })
  onTestFinished(() => road.close())
  const grant = createDeviceGrant(settings({ fetch: road.fetch }), createFakeClock(Date.now()))
  expect(await grant.request()).toMatchObject({ kind: 'unreachable' })
  expect([inner.asked, told, asked('/.well-known/openid-configuration').length]).toEqual([
    [],
    ['provider_endpoint_refused'],
    1,
  ])
})

test('B5: neither metadata addresses nor other ports are asked, and the log names the host and the option', async () => {
  const { ca, provider } = await startGoodProvider()
  for (const host of [
    '127.0.0.1:9',
    '127.0.0.1:6379',
    '169.254.169.254',
    'id.home.example:8443',
    'evil.example',
    '[::1]',
  ]) {
    provider.metadata = { token_endpoint: `https://${host}/token` }
    provider.told.length = 0
    expect(await provider.signIn({ ca })).toMatchObject({ kind: 'failed', reason: 'invalid' })
    expect(provider.told).toEqual([
      { event: 'provider_endpoint_refused', host, remedy: expect.stringContaining('provider.endpoint_hosts') },
    ])
  }
})

test('B5: a host that is listed is asked', async () => {
  const { ca, provider } = await startGoodProvider()
  // It leads nowhere here; that it was tried is what counts.
  provider.metadata = { token_endpoint: 'https://127.0.0.1:9/token' }
  expect(await provider.signIn({ ca, endpointHosts: ['127.0.0.1:9'] })).toMatchObject({ reason: 'unreachable' })
  expect(provider.told).toEqual([])
})

test('B5: endpoints over plain http are not asked where the issuer speaks https', async () => {
  const inner = await startInner()
  const { ca, provider } = await startGoodProvider()
  for (const endpoint of ['token_endpoint', 'jwks_uri', 'userinfo_endpoint']) {
    for (const address of [inner.origin, 'http://id.home.example/x']) {
      provider.metadata = { [endpoint]: address }
      const endpointHosts = [new URL(inner.origin).host]
      expect(await provider.signIn({ ca, endpointHosts })).toMatchObject({ kind: 'failed', reason: 'invalid' })
    }
  }
  provider.metadata = { authorization_endpoint: 'http://id.home.example/authorize' }
  expect(await provider.signIn({ ca })).toBeInstanceOf(Error)
  provider.metadata = { authorization_endpoint: 'javascript:alert(1)' }
  expect(await provider.signIn({ ca })).toBeInstanceOf(Error)
  expect(inner.asked).toEqual([])
})

test('B5: no redirect of a provider is followed', async () => {
  const { ca, provider } = await startGoodProvider()
  expect(await provider.signIn({ ca })).toMatchObject(identity)
  for (const path of ['/.well-known/openid-configuration', '/token', '/jwks', '/userinfo']) {
    for (const status of [301, 302, 303, 307, 308]) {
      provider.instead = {
        [path]: (response) => void response.writeHead(status, { location: `${ISSUER}/elsewhere` }).end(),
      }
      expect(await provider.signIn({ ca })).not.toMatchObject(identity)
    }
  }
  expect(provider.heard.filter((one) => one.path === '/elsewhere')).toEqual([])
})

test('J7: a discovery document of another issuer is not believed, however alike it looks', async () => {
  const { ca, provider } = await startGoodProvider()
  for (const says of [
    `${ISSUER}/`,
    `${ISSUER}/realm`,
    'https://ID.home.example',
    `${ISSUER}:443`,
    `${ISSUER}:8443`,
    'http://id.home.example',
    'https://id.home.example.evil.example',
    'https://evil.example',
  ]) {
    provider.metadata = { issuer: says }
    provider.told.length = 0
    expect(await provider.signIn({ ca })).toBeInstanceOf(Error)
    expect(provider.told).toEqual([
      { event: 'provider_issuer_differs', issuer: ISSUER, says, remedy: expect.stringContaining('provider.issuer') },
    ])
  }
  for (const says of [undefined, '', 7, null, [ISSUER]]) {
    provider.metadata = { issuer: says }
    expect(await provider.signIn({ ca })).toBeInstanceOf(Error)
  }
  provider.metadata = {}
  expect(await provider.signIn({ ca }, `${ISSUER}/`)).toBeInstanceOf(Error)
  expect(await provider.signIn({ ca })).toMatchObject(identity)
})
