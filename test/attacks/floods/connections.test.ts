import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { connectionsFor, openFilesIn } from '../../../src/traffic/connection/open-files.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { FRAME, fieldsFor, head, openHttp2 } from '../../support/http2-raw.ts'
import { openRaw, parseResponse, type RawConnection, sendRaw } from '../../support/raw.ts'
import { startTraffic, type TrafficHarness } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'

const MOST = 64

async function withGate(options: Parameters<typeof startTraffic>[0], run: (gate: TrafficHarness) => Promise<void>) {
  const gate = await startTraffic({ connections: { most: MOST }, ...options })
  try {
    await run(gate)
  } finally {
    await gate.close()
  }
}

/** Connections that say nothing, or what is given. */
async function flood(
  gate: TrafficHarness,
  count: number,
  from: (i: number) => string,
  say = '',
): Promise<RawConnection[]> {
  const opened: RawConnection[] = []
  for (let i = 0; i < count; i++) {
    const connection = await openRaw(gate.port, from(i))
    if (say !== '') connection.write(say)
    opened.push(connection)
  }
  return opened
}

/** Signed-in requests that the app takes its time for. */
async function watch(gate: TrafficHarness, count: number, from: (i: number) => string) {
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun'
  const opened = await flood(gate, count, from, gate.signedIn('GET /film'))
  for (const connection of opened) await connection.until((text) => text.endsWith('begun'))
  return opened
}

const isOpen = ({ socket }: RawConnection) => !socket.destroyed && !socket.readableEnded
const everywhere = (i: number) => `127.${1 + (i >> 8)}.${i & 255}.1`

test('D1: when there are too many connections, those of people who are signed in are not among the closed', () =>
  withGate({}, async (gate) => {
    const watching = await watch(gate, 20, () => '127.0.0.1')
    const webSocket = await openRaw(gate.port)
    gate.recorder.answer = (_request, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
      )
      return undefined
    }
    const handshake = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    webSocket.write(gate.framed('GET /socket HTTP/1.1', handshake))
    await webSocket.until((text) => text.includes(' 101 '))
    // From one other network, from the very same one, and from everywhere.
    for (const from of [() => '127.0.7.1', () => '127.0.0.1', everywhere]) {
      await flood(gate, 300, from)
      expect(gate.connections.size()).toBeLessThanOrEqual(MOST)
      expect([...watching, webSocket].filter(isOpen)).toHaveLength(21)
      // Somebody who comes now is answered.
      expect((await sendRaw(gate.port, gate.anonymous('GET /', 'Accept: text/html'))).status).toBe(401)
    }
    expect(
      new Set(gate.notices.filter(({ event }) => event === 'connections_limited').map(({ network }) => network)).size,
    ).toBeGreaterThan(1)
  }))

test('D1: a network that opens connections without end loses its own, and those that said nothing first', () =>
  withGate({}, async (gate) => {
    const idle = await flood(gate, 5, () => '127.0.3.1', `GET / HTTP/1.1\r\nHost: ${gate.app.authority}\r\n\r\n`)
    for (const connection of idle) await connection.until((text) => text.includes('401'))
    let last: RawConnection | undefined
    const early = await flood(gate, 5, () => '127.0.4.1')
    for (const late of await flood(gate, 500, () => '127.0.7.1')) last = late
    // Whoever comes finds room at once.
    expect(last && isOpen(last)).toBe(true)
    expect([...idle, ...early].filter(isOpen)).toHaveLength(10)
    // Where nobody has more than their share, those go that have said nothing.
    await flood(gate, 500, everywhere)
    expect(idle.filter(isOpen)).toHaveLength(5)
    expect(early.filter(isOpen)).toHaveLength(0)
  }))

test('D1: when all are people at their films, whoever comes is turned away, and nobody is cut', () =>
  withGate({ connections: { most: 16 } }, async (gate) => {
    const watching = await watch(gate, 16, () => '127.0.0.1')
    const late = await openRaw(gate.port)
    await late.closed()
    expect(watching.filter(isOpen)).toHaveLength(16)
    watching[0]?.socket.destroy()
    await until(() => gate.connections.size() < 16)
    gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
    expect((await sendRaw(gate.port, gate.signedIn('GET /'))).status).toBe(200)
  }))

test('D1: connections of a proxy that we trust are not closed for others', () =>
  withGate({ connections: { most: 16, isTrusted: (address) => address === '127.0.5.1' } }, async (gate) => {
    const proxy = await flood(gate, 30, () => '127.0.5.1')
    expect(proxy.filter(isOpen)).toHaveLength(30)
    for (const stranger of await flood(gate, 10, () => '127.0.7.1')) await stranger.closed()
    expect(proxy.filter(isOpen)).toHaveLength(30)
  }))

test('D1: handshakes that never end are connections too, and a connection that closed is none', async () => {
  const tls = await makeCertificate(['movies.home.example'])
  await withGate({ connections: { most: 16 }, tls }, async (gate) => {
    const silent = await flood(gate, 100, () => '127.0.7.1')
    expect(gate.connections.size()).toBeLessThanOrEqual(16)
    const options = { port: gate.port, host: '127.0.0.1', servername: 'movies.home.example', rejectUnauthorized: false }
    const client = connectTls(options)
    await once(client, 'secureConnect')
    client.write(gate.signedIn('GET /'))
    expect(String((await once(client, 'data'))[0])).toContain('HTTP/1.1 200')
    client.destroy()
    silent.push(...(await flood(gate, 100, () => '127.0.8.1')))
    expect(gate.connections.size()).toBeLessThanOrEqual(16)
    gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun'
    const watching = connectTls(options)
    await once(watching, 'secureConnect')
    watching.write(gate.signedIn('GET /film'))
    await once(watching, 'data')
    silent.push(...(await flood(gate, 100, () => '127.0.9.1')))
    expect(watching.destroyed).toBe(false)
    for (const { socket } of silent) socket.destroy()
    watching.destroy()
    await until(() => gate.connections.size() === 0)
  })
})

test('D1: a head that does not come to its end is cut off with 408', () =>
  withGate({ server: { headersTimeout: 200, connectionsCheckingInterval: 50 } }, async (gate) => {
    const slow = await openRaw(gate.port)
    slow.write(`GET / HTTP/1.1\r\nHost: ${gate.app.authority}\r\nX: `)
    const drip = setInterval(() => slow.socket.destroyed || slow.write('x'), 20)
    expect(parseResponse(await slow.closed()).status).toBe(408)
    clearInterval(drip)
    const silent = await openRaw(gate.port)
    expect(parseResponse(await silent.closed()).status).toBe(408)
  }))

test('D11: of the files that a process may open, half are for connections to apps', () => {
  const text =
    'Max processes             127      127      processes\nMax open files            1024                 524288               files     \n'
  expect(openFilesIn(text)).toBe(1024)
  expect(openFilesIn('Max open files            unlimited            unlimited            files')).toBe(
    Number.POSITIVE_INFINITY,
  )
  expect([64, 128, 1024, 20_000, Number.POSITIVE_INFINITY].map(connectionsFor)).toEqual([16, 32, 480, 9968, 20_000])
})

test('D1: a connection of HTTP/2 is there for the most that one of its streams is there for', async () => {
  const tls = await makeCertificate(['movies.home.example'])
  await withGate({ tls, http2: true, connections: { most: 4 } }, async (gate) => {
    gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegun'
    const watching = await openHttp2(gate.port)
    watching.write(head(1, fieldsFor('movies.home.example', gate.cookie)))
    await watching.until(({ type }) => type === FRAME.data)
    const silent = await openHttp2(gate.port)
    for (let i = 0; i < 6; i++) (await openHttp2(gate.port)).write(head(1, fieldsFor('movies.home.example', '')))
    await until(() => silent.socket.destroyed)
    expect(watching.socket.destroyed).toBe(false)
  })
})
