import { X509Certificate } from 'node:crypto'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../../src/demo/listen.ts'
import type { UpstreamTls } from '../../../src/traffic/app.ts'
import { makeAuthority, makeCertificate, type Pair } from '../../support/certificate.ts'
import { sendRaw } from '../../support/raw.ts'
import { startTlsUpstream } from '../../support/tls-upstream.ts'
import { startTraffic, type TrafficHarness } from '../../support/traffic-harness.ts'

const DAY = 86_400_000
const ADDRESS: [string] = ['127.0.0.1']
const fingerprintOf = ({ cert }: Pair) => new X509Certificate(cert).fingerprint256
const HANDSHAKE = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']

async function gateTo(upstream: { port: number }, trust: Partial<UpstreamTls> | undefined): Promise<TrafficHarness> {
  const none = { ca: undefined, serverName: undefined, fingerprints: undefined }
  const gate = await startTraffic({
    app: {
      upstream: new URL(`https://127.0.0.1:${upstream.port}`),
      upstreamTls: trust === undefined ? undefined : { ...none, ...trust },
    },
  })
  onTestFinished(() => gate.close())
  return gate
}

/** The statuses of a request and of a WebSocket handshake, and what the log said of the app. */
async function ask(gate: TrafficHarness) {
  const before = gate.notices.length
  const http = await sendRaw(gate.port, gate.signedIn('GET /x'))
  const socket = gate.framed('GET /x HTTP/1.1', [...HANDSHAKE, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='])
  const upgrade = await sendRaw(gate.port, socket)
  for (const { status, bytes } of [http, upgrade])
    if (status === 502) expect(bytes).not.toMatch(/CERT|TLS|certificate|127\.0\.0\.1|secret|(?:[0-9A-F]{2}:){3}/)
  const told = gate.notices.slice(before)
  return { statuses: [http.status, upgrade.status], told: told.filter(({ event }) => event === 'upstream_failed') }
}

const refused = (code: string, remedy: string | RegExp) => ({
  statuses: [502, 502],
  told: Array.from({ length: 2 }, () => ({
    event: 'upstream_failed',
    app: 'movies',
    code: expect.stringMatching(code),
    remedy: expect.stringMatching(remedy),
  })),
})
const passed = { statuses: [200, 404], told: [] }

test('N3: an app behind an authority of the home is reached with ca_file alone', async () => {
  const ca = await makeAuthority()
  const upstream = await startTlsUpstream(await makeCertificate(ADDRESS, { ca }))
  expect(await ask(await gateTo(upstream, undefined))).toEqual(
    refused('UNABLE_TO_VERIFY_LEAF_SIGNATURE', /apps\.movies\.upstream_tls\.ca_file/),
  )
  expect(await ask(await gateTo(upstream, { ca: (await makeAuthority('Another')).cert }))).toMatchObject({
    statuses: [502, 502],
  })
  expect(upstream.asked).toEqual([])
  expect(await ask(await gateTo(upstream, { ca: ca.cert }))).toEqual(passed)
})

test('N3: a certificate for another name is refused, and the log says for which names it is', async () => {
  const ca = await makeAuthority()
  const upstream = await startTlsUpstream(await makeCertificate(['unifi.home.arpa'], { ca }))
  expect(await ask(await gateTo(upstream, { ca: ca.cert }))).toEqual(
    refused('ERR_TLS_CERT_ALTNAME_INVALID', /unifi\.home\.arpa.*apps\.movies\.upstream_tls\.server_name/),
  )
  expect(await ask(await gateTo(upstream, { ca: ca.cert, serverName: 'movies.home.example' }))).toMatchObject({
    statuses: [502, 502],
  })
  expect(upstream.asked).toEqual([])
  expect(await ask(await gateTo(upstream, { ca: ca.cert, serverName: 'unifi.home.arpa' }))).toEqual(passed)
  expect(upstream.connections.at(-1)?.servername).toBe('unifi.home.arpa')
})

test('N3: letter case neither opens nor closes the way to an app', async () => {
  const ca = await makeAuthority()
  const upstream = await startTlsUpstream(await makeCertificate(['UniFi.Home.ARPA'], { ca }))
  for (const serverName of ['unifi.home.arpa', 'UNIFI.home.arpa'])
    expect(await ask(await gateTo(upstream, { ca: ca.cert, serverName }))).toEqual(passed)
  for (const serverName of ['unifi.home.arpa.evil.example', 'x.unifi.home.arpa', 'home.arpa'])
    expect((await ask(await gateTo(upstream, { ca: ca.cert, serverName }))).statuses).toEqual([502, 502])
})

test('N3: an expired certificate is refused, and a self-signed one', async () => {
  const ca = await makeAuthority()
  const past = { from: new Date(Date.now() - 2 * DAY), until: new Date(Date.now() - DAY) }
  const expired = await startTlsUpstream(await makeCertificate(ADDRESS, { ca, ...past }))
  expect(await ask(await gateTo(expired, { ca: ca.cert }))).toEqual(refused('CERT_HAS_EXPIRED', /renew it there/))
  const own = await startTlsUpstream(await makeCertificate(ADDRESS))
  expect(await ask(await gateTo(own, undefined))).toEqual(
    refused('DEPTH_ZERO_SELF_SIGNED_CERT', /pin it with apps\.movies\.upstream_tls\.fingerprint$/),
  )
  expect([...expired.asked, ...own.asked]).toEqual([])
})

test('N3: a pinned certificate is taken though it is self-signed, expired and for another name', async () => {
  const past = { from: new Date(Date.now() - 2 * DAY), until: new Date(Date.now() - DAY) }
  const pair = await makeCertificate(['pve'], past)
  const upstream = await startTlsUpstream(pair)
  const other = fingerprintOf(await makeCertificate(['pve']))
  expect(await ask(await gateTo(upstream, { fingerprints: [other, fingerprintOf(pair)] }))).toEqual(passed)
})

test('N3: an app with another certificate than the pinned one gets no byte', async () => {
  const ca = await makeAuthority()
  const [pinned, changed] = [await makeCertificate(['pve']), await makeCertificate(ADDRESS, { ca })]
  const upstream = await startTlsUpstream(pinned)
  const gate = await gateTo(upstream, { fingerprints: [fingerprintOf(pinned)] })
  expect(await ask(gate)).toEqual(passed)
  upstream.asked.length = 0
  upstream.change(changed)
  expect(await ask(gate)).toEqual(refused('CERT_NOT_PINNED', fingerprintOf(changed)))
  expect(upstream.asked).toEqual([])
  upstream.change(pinned)
  expect(await ask(gate)).toEqual(passed)
})

test('N3: every connection to an app is verified anew, none resumes a session', async () => {
  const ca = await makeAuthority()
  const good = await makeCertificate(ADDRESS, { ca })
  const upstream = await startTlsUpstream(good)
  const gate = await gateTo(upstream, { ca: ca.cert })
  for (let round = 0; round < 3; round++) expect(await ask(gate)).toEqual(passed)
  expect(upstream.connections.length).toBe(6)
  expect(upstream.connections.filter(({ resumed }) => resumed)).toEqual([])
  upstream.change(await makeCertificate(['elsewhere.example'], { ca }))
  expect((await ask(gate)).statuses).toEqual([502, 502])
})

test('N3: no variable of the environment switches the check of certificates off', async () => {
  const upstream = await startTlsUpstream(await makeCertificate(ADDRESS))
  const gate = await gateTo(upstream, undefined)
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    expect((await ask(gate)).statuses).toEqual([502, 502])
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  }
  expect(upstream.asked).toEqual([])
})

test('N3: an app that speaks plain http where https is expected is told by its remedy', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))
  })
  const { port, close } = await listen(server, 0, '127.0.0.1')
  onTestFinished(close)
  const gate = await gateTo({ port }, undefined)
  expect(await ask(gate)).toEqual(
    refused('ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_WRONG_VERSION_NUMBER', /^it does not speak TLS there: is it http/),
  )
})
