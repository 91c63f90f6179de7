import { afterEach, expect, test } from 'vitest'
import { openRaw, parseResponse, sendRaw } from '../../support/raw.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { until, untilQuiet } from '../../support/turns.ts'
import type { HandshakeOptions } from '../../support/web-socket.ts'
import { accept, agreed, echo, handshakeText, key, openWebSocket } from '../../support/web-socket.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

const handshake = (options = {}) => handshakeText(gate, options)
const open = (options = {}) => openWebSocket(gate, options)

test('W1: a handshake from another site is refused before the app is touched', async () => {
  gate = await startTraffic({ app: { trustedOrigins: ['https://friend.example'] } })
  gate.recorder.answer = echo
  for (const origin of [
    'https://evil.example',
    'null',
    'https://photos.home.example',
    'https://door.home.example',
    'http://movies.home.example',
    'file://',
    '',
  ]) {
    const answer = await sendRaw(gate.port, handshake({ headers: [`Origin: ${origin}`] }))
    expect({ origin, status: answer.status }).toEqual({ origin, status: 403 })
  }
  expect(gate.recorder.connections()).toBe(0)
  for (const headers of [['Origin: https://movies.home.example'], ['Origin: https://friend.example'], []]) {
    const client = await open({ headers })
    client.socket.destroy()
  }
})

test('W2: no handshake succeeds without a live session', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  for (const cookie of [null, `${gate.app.cookies.session}=revoked`, `${gate.app.cookies.session}=photos-session`]) {
    const answer = await sendRaw(gate.port, handshake({ cookie }))
    expect(answer.status).toBe(401)
    expect(answer.all('www-authenticate')).toEqual(['Entryphone realm="movies"'])
    expect(answer.all('connection')).toEqual(['close'])
  }
  expect(gate.recorder.connections()).toBe(0)
})

test('W3: the same headers go on as with HTTP, and the handshake itself is kept', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const client = await open({
    headers: [
      'Origin: https://movies.home.example',
      'Sec-WebSocket-Protocol: chat, superchat',
      'Sec-WebSocket-Extensions: permessage-deflate',
      'Remote-User: eve',
      'X_Forwarded_User: eve',
      'X-Forwarded-For: 6.6.6.6',
      'X-Odd: eve',
      'Cookie: a=1',
      'User-Agent: tv',
    ],
  })
  const [request] = gate.recorder.requests
  expect(request?.head).not.toMatch(/eve|6\.6\.6|movies-session/)
  for (const [name, value] of [
    ['Host', 'movies.home.example'],
    ['Origin', 'https://movies.home.example'],
    ['Sec-WebSocket-Key', key],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Protocol', 'chat, superchat'],
    ['Sec-WebSocket-Extensions', 'permessage-deflate'],
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-Proto', 'https'],
    ['Cookie', 'a=1'],
    ['User-Agent', 'tv'],
    ['Upgrade', 'websocket'],
    ['Connection', 'Upgrade'],
  ] as const) {
    expect([name, request?.all(name)]).toEqual([name, [value]])
  }
  const answer = parseResponse(client.received())
  expect(answer.all('sec-websocket-accept')).toEqual([accept])
  expect(answer.all('sec-websocket-protocol')).toEqual(['chat'])
  expect(answer.all('set-cookie')).toEqual(['a=1'])
  client.socket.destroy()
})

test('W5: a malformed handshake is refused', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const standard = ['Upgrade: websocket', 'Connection: Upgrade']
  const cases: [HandshakeOptions, number][] = [
    [{ bare: true, headers: [...standard, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 8'] }, 426],
    [{ bare: true, headers: [...standard, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 12'] }, 426],
    [{ bare: true, headers: [...standard, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13, 8'] }, 426],
    [{ bare: true, headers: [...standard, `Sec-WebSocket-Key: ${key}`] }, 426],
    [{ bare: true, headers: [...standard, 'Sec-WebSocket-Version: 13'] }, 400],
    [{ bare: true, headers: [...standard, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: short'] }, 400],
    [{ headers: [`Sec-WebSocket-Key: ${key}`] }, 400],
    [{ headers: ['Sec-WebSocket-Version: 13'] }, 400],
    [{ headers: ['Content-Length: 3'] }, 400],
    [{ headers: ['Transfer-Encoding: chunked'] }, 400],
    [{ line: 'GET /../socket HTTP/1.1' }, 400],
    [{ line: 'GET //evil/socket HTTP/1.1' }, 400],
    [{ line: 'GET /.entryphone/auth/x HTTP/1.1' }, 400],
  ]
  for (const [options, status] of cases) {
    const answer = await sendRaw(gate.port, handshake(options))
    expect([options, answer.status]).toEqual([options, status])
  }
  expect((await sendRaw(gate.port, `${handshake()}early bytes`)).status).toBe(400)
  expect(gate.recorder.connections()).toBe(0)
  // Letter case says nothing.
  const lower = ['upgrade: WebSocket', 'connection: keep-alive, upgrade', `sec-websocket-key: ${key}`]
  const agreedTo = await open({ bare: true, headers: [...lower, 'sec-websocket-version: 13'] })
  agreedTo.socket.destroy()
  for (const line of ['POST /socket HTTP/1.1', 'GET /socket HTTP/1.0']) {
    gate.recorder.clear()
    gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    const client = await openRaw(gate.port)
    client.write(handshake({ line }))
    expect(parseResponse(await client.until((received) => received.includes('\r\n\r\n'))).status).toBe(200)
    client.socket.destroy()
    expect(gate.recorder.requests[0]?.head).not.toMatch(/upgrade|websocket/i)
  }
})

test('W6: a refusal of the app reaches the client as it is', async () => {
  gate = await startTraffic({
    parts: { upstreamLimits: { connectMs: 1000, handshakeMs: 300, quietMs: 300, preflightMs: 300 } },
  })
  for (const status of ['403 Forbidden', '401 Unauthorized', '404 Not Found', '502 Bad Gateway', '200 OK']) {
    gate.recorder.answer = () =>
      `HTTP/1.1 ${status}\r\nContent-Length: 4\r\nX-Why: no\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\n\r\nnope`
    const answer = await sendRaw(gate.port, handshake())
    expect(answer.bytes.startsWith(`HTTP/1.1 ${status}\r\n`)).toBe(true)
    expect(answer.body).toBe('nope')
    expect(answer.all('x-why')).toEqual(['no'])
    expect(answer.all('x-hop')).toEqual([])
  }
  gate.recorder.answer = () => undefined
  expect((await sendRaw(gate.port, handshake())).status).toBe(504)
  gate.recorder.answer = (_request, socket) => void socket.destroy()
  expect((await sendRaw(gate.port, handshake())).status).toBe(502)
})

test('an app that agrees to something else is not believed', async () => {
  gate = await startTraffic()
  for (const head of [
    agreed.replace(accept, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='),
    agreed.replace('Upgrade: websocket', 'Upgrade: h2c'),
    'HTTP/1.1 101 Sure\r\n',
    'not http\r\n',
  ]) {
    gate.recorder.answer = () => `${head}\r\n`
    const answer = await sendRaw(gate.port, handshake())
    expect([head, answer.status]).toEqual([head, 502])
  }
})

test('bytes pass both ways, unchanged and in order', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const client = await open()
  const head = client.received().length
  const sent = Buffer.alloc(3_000_000, 'abcdefghijklm\0\xff', 'latin1')
  client.write(sent)
  const received = await client.until((all) => all.length === head + sent.length)
  expect(received.slice(head) === sent.toString('latin1')).toBe(true)
  client.socket.destroy()
  expect(gate.lines.filter(({ decision }) => decision === 'tunnel')).toMatchObject([{ status: 101, path: '/socket' }])
})

test('what the app sends with its agreement is not lost', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () => `${agreed}\r\nhello`
  const client = await open()
  await client.until((received) => received.endsWith('\r\n\r\nhello'))
  client.socket.destroy()
})

test('W8: a reader that does not read holds the app back, and either end closes the other', async () => {
  gate = await startTraffic()
  let sent = 0
  gate.recorder.answer = (_request, socket) => {
    const chunk = Buffer.alloc(65_536)
    const pump = () => {
      while (!socket.destroyed && socket.write(chunk)) sent += chunk.length
    }
    socket.on('drain', pump)
    setImmediate(pump)
    return `${agreed}\r\n`
  }
  const client = await openRaw(gate.port)
  client.write(handshake())
  await client.until((received) => received.includes('\r\n\r\n'))
  client.socket.pause()
  await untilQuiet(() => sent)
  // Kernel buffers of four sockets on loopback, and ours.
  expect(sent).toBeLessThan(40_000_000)
  const before = sent
  client.socket.resume()
  await until(() => sent > before + 20_000_000)
  client.socket.destroy()
  await until(() => gate.recorder.open.size === 0)

  gate.recorder.answer = echo
  const other = await open()
  for (const socket of gate.recorder.open) socket.end()
  await other.closed()
})
