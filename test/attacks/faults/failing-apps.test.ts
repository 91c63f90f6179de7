import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { makeCertificate } from '../../support/certificate.ts'
import { openRaw, sendRaw } from '../../support/raw.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

const limits = { parts: { upstreamLimits: { connectMs: 500, handshakeMs: 300, quietMs: 300, preflightMs: 300 } } }

test('N3: an app that is down, silent or broken is a page or a problem, without a detail', async () => {
  gate = await startTraffic(limits)
  const cases: [typeof gate.recorder.answer, number][] = [
    [() => undefined, 504],
    [(_request, socket) => void socket.destroy(), 502],
    [(_request, socket) => void socket.resetAndDestroy(), 502],
    [() => 'garbage\r\n\r\n', 502],
    [() => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n', 502],
    [() => 'HTTP/1.1 101 Sure\r\n\r\n', 502],
    [() => 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', 502],
    [() => 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n', 502],
    [() => `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`, 502],
    [() => 'HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n', 502],
  ]
  for (const [answer, status] of cases) {
    gate.recorder.answer = answer
    const json = await sendRaw(gate.port, gate.signedIn('GET /x', 'Accept: application/json'))
    expect([String(answer), json.status]).toEqual([String(answer), status])
    expect(JSON.parse(json.body)).toEqual({
      type: 'about:blank',
      status,
      code: status === 502 ? 'upstream-down' : 'upstream-slow',
      title: status === 502 ? 'The app does not answer' : 'The app takes too long',
    })
    expect(json.bytes).not.toMatch(/ECONN|127\.0\.0\.1|UND_ERR/)
  }
  gate.recorder.answer = (_request, socket) => void socket.destroy()
  const page = await sendRaw(gate.port, gate.signedIn('GET /x', 'Sec-Fetch-Mode: navigate'))
  expect(page.body).toContain('message upstream-down')
  expect(page.all('content-security-policy')).toEqual(["default-src 'none'"])
  const text = await sendRaw(gate.port, gate.signedIn('GET /x'))
  expect(text.body).toBe('The app does not answer\n')
  expect(text.all('cache-control')).toEqual(['no-store'])
  // Nothing is tried twice: an app may have acted before it failed.
  gate.recorder.clear()
  await sendRaw(gate.port, gate.signedIn('POST /once'))
  expect(gate.recorder.requests.length).toBe(1)
})

test('an app whose port is closed is down', async () => {
  gate = await startTraffic(limits)
  await gate.recorder.close()
  expect((await sendRaw(gate.port, gate.signedIn('GET /'))).status).toBe(502)
  expect(gate.notices).toContainEqual({ event: 'upstream_failed', app: 'movies', code: 'ECONNREFUSED' })
})

test("S17: what an app sends too much is nobody's answer", async () => {
  gate = await startTraffic()
  gate.recorder.answer = ({ target }) => {
    const extra = target === '/evil' ? 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil' : ''
    return `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${extra}`
  }
  for (let round = 0; round < 20; round++) {
    const first = await sendRaw(gate.port, gate.signedIn('GET /evil'))
    const next = await sendRaw(gate.port, gate.signedIn('GET /next'))
    expect([first.body, next.body]).toEqual(['ok', 'ok'])
  }
})

test('a part is never taken for the whole', async () => {
  gate = await startTraffic()
  for (const head of ['Content-Length: 10', 'Transfer-Encoding: chunked']) {
    gate.recorder.answer = (_request, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`)
      socket.end(head.startsWith('T') ? '3\r\nabc\r\n' : 'abc')
      return undefined
    }
    const client = await openRaw(gate.port)
    client.write(`GET / HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${gate.cookie}\r\n\r\n`)
    const received = await client.closed()
    expect(received).toContain('200 OK')
    expect(received.endsWith('0\r\n\r\n')).toBe(false)
  }
})

test('interim answers and trailers of an app stay between the app and us', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () =>
    'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Set-Cookie\r\n\r\n2\r\nok\r\n0\r\nSet-Cookie: __Host-entryphone=evil\r\n\r\n'
  const answer = await sendRaw(gate.port, gate.signedIn('GET /'))
  expect(answer.status).toBe(200)
  expect(answer.body).toBe('ok')
  expect(answer.bytes).not.toMatch(/103|evil|trailer/i)
})

test('the certificate of an app is verified, for the name in the config', async () => {
  const { cert, key } = await makeCertificate(['localhost', 'movies.home.example'])
  let asked = 0
  const server = createTlsServer({ cert, key }, (_req, res) => {
    asked++
    res.end('secret')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate = await startTraffic({
    app: { upstream: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`) },
  })
  expect((await sendRaw(gate.port, gate.signedIn('GET /'))).status).toBe(502)
  const socket = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n`
  const handshake = await sendRaw(
    gate.port,
    `GET / HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${gate.cookie}\r\n${socket}\r\n`,
  )
  expect(handshake.status).toBe(502)
  expect(asked).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

test('N2: a challenge holds no byte of the app', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret'
  for (const header of [
    'Sec-Fetch-Mode: navigate',
    'Accept: application/json',
    'Accept: */*',
    'Service-Worker: script',
  ]) {
    expect((await sendRaw(gate.port, gate.anonymous('GET /secret', header))).bytes).not.toContain('\r\n\r\nsecret')
  }
  expect(gate.recorder.connections()).toBe(0)
})
