import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { makeCertificate } from '../../support/certificate.ts'
import { openRaw } from '../../support/raw.ts'
import { ok } from '../../support/recorder.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

const old = (text: string) => text.replace(/HTTP\/1\.1(?=\r\n)/, 'HTTP/1.0')

/** How an app may stop in the middle of an answer. */
const stops: [string, string, (socket: Socket) => void][] = [
  ['a length, closed', 'Content-Length: 10', (socket) => socket.end()],
  ['chunks, closed', 'Transfer-Encoding: chunked', (socket) => socket.end()],
  ['chunks, reset', 'Transfer-Encoding: chunked', (socket) => socket.resetAndDestroy()],
  ['chunks, broken', 'Transfer-Encoding: chunked', (socket) => void socket.write('zz\r\n')],
  ['no mark of the end, reset', 'Connection: close', (socket) => socket.resetAndDestroy()],
]

/** RFC 5246 §6.2.1; until TLS 1.3 it can be seen from outside. */
const ALERT = 21

/** The types of the TLS records in what came over the wire. */
function recordTypes(bytes: string): number[] {
  const types: number[] = []
  for (let at = 0; at + 5 <= bytes.length; ) {
    types.push(bytes.charCodeAt(at))
    at += 5 + bytes.charCodeAt(at + 3) * 256 + bytes.charCodeAt(at + 4)
  }
  return types
}

/** The other end of a connection that stays open to be looked at. */
function relayTo(socket: Socket): Duplex {
  return new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => void socket.write(chunk, () => done()),
    construct(done) {
      socket.on('data', (chunk) => this.push(chunk)).on('close', () => this.push(null))
      done()
    },
  })
}

/** Sends a request whose answer stops after `abc`; what the client has got by then, and how it ended. */
async function interrupted(request: string, head: string, stop: (socket: Socket) => void) {
  let app: Socket | undefined
  gate.recorder.answer = (_request, socket) => {
    app = socket
    return `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${head.includes('chunked') ? '3\r\nabc\r\n' : 'abc'}`
  }
  const client = await openRaw(gate.port)
  let error: NodeJS.ErrnoException | undefined
  client.socket.on('error', (reason) => {
    error = reason
  })
  client.write(request)
  await client.until((received) => received.includes('abc'))
  stop(app as Socket)
  const received = await client.closed()
  return { received, end: error?.code ?? 'closed' }
}

test('S17: an answer that an app does not finish has no end for HTTP/1.1 either', async () => {
  gate = await startTraffic()
  for (const [name, head, stop] of stops) {
    const { received } = await interrupted(gate.signedIn('GET /film'), head, stop)
    expect([name, received.endsWith('0\r\n\r\n')]).toEqual([name, false])
    expect([name, /content-length: 10|transfer-encoding: chunked/i.test(received)]).toEqual([name, true])
  }
})

test('S17: to HTTP/1.0, which takes the end of the connection for the end of the answer, it looks broken', async () => {
  gate = await startTraffic()
  for (const [name, head, stop] of stops) {
    const { end } = await interrupted(old(gate.signedIn('GET /film')), head, stop)
    expect([name, end]).toEqual([name, 'ECONNRESET'])
  }
  // And the whole does not.
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'
  const client = await openRaw(gate.port)
  const errors: Error[] = []
  client.socket.on('error', (error) => errors.push(error))
  client.write(old(gate.signedIn('GET /film')))
  expect((await client.closed()).endsWith('\r\n\r\nabc')).toBe(true)
  expect(errors).toEqual([])
})

test('S17: a session that ends takes its HTTP/1.0 download with it, and that looks broken too', async () => {
  gate = await startTraffic()
  const { end } = await interrupted(old(gate.signedIn('GET /film')), 'Transfer-Encoding: chunked', () =>
    gate.live.close('movies-key'),
  )
  expect(end).toBe('ECONNRESET')
})

test('S17: over TLS nobody says goodbye when an answer is cut', async () => {
  const { cert, key } = await makeCertificate(['movies.home.example'])
  gate = await startTraffic({ tls: { cert, key } })
  for (const [whole, says] of [
    [false, (socket: Socket) => void socket.end()],
    [true, (socket: Socket) => void socket.write('0\r\n\r\n')],
  ] as const) {
    gate.recorder.answer = (_request, socket) => {
      setImmediate(says, socket)
      return 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'
    }
    const gateway = await openRaw(gate.port)
    const options = { ca: cert, servername: 'movies.home.example', maxVersion: 'TLSv1.2' } as const
    const client = connectTls({ ...options, socket: relayTo(gateway.socket) })
    client.on('error', () => undefined).resume()
    client.write(old(gate.signedIn('GET /film')))
    expect([whole, recordTypes(await gateway.closed()).at(-1) === ALERT]).toEqual([whole, whole])
  }
})

test('an app is told at once when its client leaves, HTTP/1.0 and half-closed ones too', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () => undefined
  for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
    for (const request of [gate.signedIn('GET /x'), old(gate.signedIn('GET /x'))]) {
      const client = await openRaw(gate.port)
      client.write(request)
      await until(() => gate.recorder.open.size === 1 && gate.recorder.requests.length > 0)
      leave(client.socket)
      await until(() => gate.recorder.open.size === 0)
      gate.recorder.clear()
    }
  }
  expect(gate.live.isOpen('movies-key')).toBe(false)
  // Half an upload is never made to look whole.
  const client = await openRaw(gate.port)
  client.write(`${gate.signedIn('PUT /backup', 'Transfer-Encoding: chunked')}3\r\nabc\r\n`)
  await until(() => gate.recorder.bytes().includes('abc'))
  client.socket.end()
  await until(() => gate.recorder.open.size === 0)
  expect(gate.recorder.bytes()).not.toContain('0\r\n\r\n')
  expect(gate.recorder.requests).toEqual([])
  gate.recorder.answer = () => ok
})
