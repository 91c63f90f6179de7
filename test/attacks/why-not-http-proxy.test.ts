import type { RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fastifyHttpProxy } from '@fastify/http-proxy'
import { fastify } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { makeCertificate } from '../support/certificate.ts'
import { openRaw, parseResponse, sendRaw } from '../support/raw.ts'
import type { TrafficHarness } from '../support/traffic-harness.ts'
import { startTraffic } from '../support/traffic-harness.ts'

/**
 * The table of ADR 1, row by row: the same bytes to @fastify/http-proxy as it comes and to our forwarder. When a
 * version of theirs turns one of these red, the decision has one reason less.
 */
let ours: TrafficHarness
const closing: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all([ours.close(), ...closing.splice(0).map((close) => close())]))

/** Theirs with its defaults, on a port of its own. */
async function startTheirs(options: { upstream: string; websocket?: true }): Promise<number> {
  const app = fastify({ forceCloseConnections: true })
  await app.register(fastifyHttpProxy, options)
  await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => app.close())
  return (app.server.address() as AddressInfo).port
}

/** Both in front of the same recorder, which is ours to command. */
async function startBoth(): Promise<number> {
  ours = await startTraffic()
  return startTheirs({ upstream: ours.recorder.url.href })
}

test('a wrong certificate: theirs delivers what a stranger sent, ours refuses', async () => {
  const answer: RequestListener = (_req, res) => res.writeHead(200, { Connection: 'close' }).end('from a stranger')
  const secret = createTlsServer(await makeCertificate(['elsewhere.example']), answer)
  await new Promise<void>((resolve) => secret.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => secret.close(resolve)))
  const upstream = `https://127.0.0.1:${(secret.address() as AddressInfo).port}`
  ours = await startTraffic({ app: { upstream: new URL(upstream) } })
  const theirs = await startTheirs({ upstream })

  expect(await sendRaw(theirs, ours.signedIn('GET /'))).toMatchObject({ status: 200, body: 'from a stranger' })
  expect(await sendRaw(ours.port, ours.signedIn('GET /'))).toMatchObject({ status: 502 })
})

test('a closed port: theirs tells everybody the inner address, ours nobody', async () => {
  const theirs = await startBoth()
  await ours.recorder.close()

  const told = await sendRaw(theirs, ours.signedIn('GET /'))
  expect(told.status).toBe(500)
  expect(told.body).toContain(`ECONNREFUSED ${ours.recorder.url.host}`)
  const kept = await sendRaw(ours.port, ours.signedIn('GET /'))
  expect(kept.status).toBe(502)
  expect(kept.bytes).not.toMatch(/ECONN|127\.0\.0\.1/)
})

test('503: theirs asks the app eleven times, ours once', async () => {
  const theirs = await startBoth()
  ours.recorder.answer = () => 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'

  expect((await sendRaw(theirs, ours.signedIn('GET /'))).status).toBe(503)
  expect(ours.recorder.requests).toHaveLength(11)
  ours.recorder.clear()
  expect((await sendRaw(ours.port, ours.signedIn('GET /'))).status).toBe(503)
  expect(ours.recorder.requests).toHaveLength(1)
})

test('a connection that the client wants closed: theirs repeats what the app said of its own, ours closes', async () => {
  const theirs = await startBoth()
  ours.recorder.answer = () => 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'

  const client = await openRaw(theirs)
  client.write(ours.signedIn('GET /'))
  expect(parseResponse(await client.until((bytes) => bytes.endsWith('ok'))).all('connection')).toEqual(['keep-alive'])
  client.socket.destroy()
  expect((await sendRaw(ours.port, ours.signedIn('GET /'))).all('connection')).toEqual(['close'])
})

test.each([
  ['Keep-Alive: timeout=5', ''],
  ['Upgrade: h2c', ''],
  ['Expect: 100-continue', 'ok'],
])('%s from the client: theirs fails, ours serves', async (field, body) => {
  const theirs = await startBoth()
  const request = ours.signedIn('POST /', field, `Content-Length: ${body.length}`) + body
  const final = (bytes: string) => bytes.replace('HTTP/1.1 100 Continue\r\n\r\n', '').slice(0, 13)

  expect(final((await sendRaw(theirs, request)).bytes)).toBe('HTTP/1.1 500 ')
  expect(ours.recorder.requests).toHaveLength(0)
  expect(final((await sendRaw(ours.port, request)).bytes)).toBe('HTTP/1.1 200 ')
  expect(ours.recorder.requests).toMatchObject([{ method: 'POST', body }])
})

test.each(['/a/./b', '/a\\b'])('%s: theirs asks the app for another path, ours for none', async (target) => {
  const theirs = await startBoth()

  await sendRaw(theirs, ours.signedIn(`GET ${target}`))
  expect(ours.recorder.requests.map((request) => request.target)).toEqual(['/a/b'])
  ours.recorder.clear()
  expect((await sendRaw(ours.port, ours.signedIn(`GET ${target}`))).status).toBe(400)
  expect(ours.recorder.requests).toEqual([])
})

test('what a client says of itself: theirs passes it on, ours does not', async () => {
  const theirs = await startBoth()
  const claims = [
    'X-Forwarded-For: 10.0.0.1',
    'X-Forwarded-Host: evil.example',
    'Forwarded: for=10.0.0.1',
    'Remote-User: root',
  ]
  const heard = () =>
    claims.filter((claim) => ours.recorder.requests[0]?.head.toLowerCase().includes(claim.toLowerCase()))

  await sendRaw(theirs, ours.signedIn('GET /', ...claims))
  expect(heard()).toEqual(claims)
  ours.recorder.clear()
  await sendRaw(ours.port, ours.signedIn('GET /', ...claims))
  expect(heard()).toEqual([])
})

test('a WebSocket: theirs drops Origin, passes our cookie on and agrees before the app; ours keeps, removes and waits', async () => {
  ours = await startTraffic()
  const theirs = await startTheirs({ upstream: ours.recorder.url.href, websocket: true })
  ours.recorder.answer = () => 'HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\nConnection: close\r\n\r\nnot me'
  const handshake = [
    'GET /socket HTTP/1.1',
    `Host: ${ours.app.authority}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Origin: ${ours.app.origin}`,
    `Cookie: ${ours.cookie}; theme=dark`,
    '\r\n',
  ].join('\r\n')
  const answerOf = async (port: number) => {
    ours.recorder.clear()
    const client = await openRaw(port)
    client.write(handshake)
    const received = await client.until((bytes) => bytes.includes('\r\n\r\n') && ours.recorder.requests.length > 0)
    client.socket.destroy()
    const [asked] = ours.recorder.requests
    return { status: received.slice(9, 12), origin: asked?.all('origin'), cookie: asked?.all('cookie') }
  }

  expect(await answerOf(theirs)).toEqual({ status: '101', origin: [], cookie: [`${ours.cookie}; theme=dark`] })
  expect(await answerOf(ours.port)).toEqual({ status: '403', origin: [ours.app.origin], cookie: ['theme=dark'] })
})
