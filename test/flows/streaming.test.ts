import { afterEach, expect, test } from 'vitest'
import { createFakeClock } from '../support/clock.ts'
import { openRaw, parseResponse, sendRaw } from '../support/raw.ts'
import type { TrafficHarness } from '../support/traffic-harness.ts'
import { startTraffic } from '../support/traffic-harness.ts'
import { until, untilQuiet } from '../support/turns.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

const ended = (received: string) => received.endsWith('0\r\n\r\n')

test('an event stream opens at once and each event arrives as it is sent', async () => {
  gate = await startTraffic()
  let push: (text: string) => void = () => undefined
  gate.recorder.answer = (_request, socket) => {
    push = (text) => void socket.write(`${text.length.toString(16)}\r\n${text}\r\n`)
    return 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
  }
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('GET /events', 'Accept: text/event-stream', 'Last-Event-ID: 7'))
  await client.until((received) => received.includes('\r\n\r\n'))
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    push(event)
    await client.until((received) => received.includes(event))
  }
  client.socket.destroy()
  await until(() => gate.recorder.open.size === 0)
  expect(gate.lines).toMatchObject([{ path: '/events', status: 200 }])
})

test('ranges and conditions reach the app, and its answers the client', async () => {
  gate = await startTraffic()
  gate.recorder.answer = (request) =>
    request.all('if-none-match').length > 0
      ? 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
      : 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/10\r\nContent-Length: 3\r\n\r\ncde'
  const part = await sendRaw(gate.port, gate.signedIn('GET /film', 'Range: bytes=2-4', 'If-Range: "a"'))
  expect([part.status, part.body, part.all('content-range')]).toEqual([206, 'cde', ['bytes 2-4/10']])
  expect(gate.recorder.requests[0]?.all('range')).toEqual(['bytes=2-4'])
  const same = await sendRaw(gate.port, gate.signedIn('GET /film', 'If-None-Match: "a"'))
  expect([same.status, same.body, same.all('etag')]).toEqual([304, '', ['"a"']])
})

test('HEAD, 204 and WebDAV keep their shapes', async () => {
  gate = await startTraffic()
  gate.recorder.answer = ({ method }) => {
    if (method === 'HEAD') return 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n'
    if (method === 'DELETE') return 'HTTP/1.1 204 No Content\r\n\r\n'
    return 'HTTP/1.1 207 Multi-Status\r\nContent-Length: 2\r\n\r\nok'
  }
  const head = await sendRaw(gate.port, gate.signedIn('HEAD /film'))
  expect([head.status, head.all('content-length'), head.body]).toEqual([200, ['5000'], ''])
  expect((await sendRaw(gate.port, gate.signedIn('DELETE /film'))).bytes).toMatch(
    /^HTTP\/1\.1 204 No Content\r\n[\s\S]*\r\n\r\n$/,
  )
  for (const method of [
    'PROPFIND',
    'PROPPATCH',
    'MKCOL',
    'COPY',
    'MOVE',
    'LOCK',
    'UNLOCK',
    'REPORT',
    'SEARCH',
    'MKCALENDAR',
    'ACL',
    'BIND',
  ]) {
    const answer = await sendRaw(
      gate.port,
      gate.signedIn(
        `${method} /dav`,
        'Depth: 1',
        'Destination: https://movies.home.example/b',
        'If: (<t>)',
        'Overwrite: F',
      ),
    )
    expect([method, answer.status, gate.recorder.requests.at(-1)?.method]).toEqual([method, 207, method])
  }
  expect(gate.recorder.requests.at(-1)?.all('destination')).toEqual(['https://movies.home.example/b'])
})

test('uploads pass with their length or in chunks, on any method', async () => {
  gate = await startTraffic()
  const body = 'x'.repeat(300_000)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'GET']) {
    await sendRaw(gate.port, gate.signedIn(`${method} /up`, `Content-Length: ${body.length}`) + body)
    const whole = gate.recorder.requests.at(-1)
    expect([method, whole?.all('content-length'), whole?.body === body]).toEqual([method, [String(body.length)], true])
    await sendRaw(
      gate.port,
      `${gate.signedIn(`${method} /up`, 'Transfer-Encoding: chunked')}${body.length.toString(16)};x=y\r\n${body}\r\n0\r\n\r\n`,
    )
    const chunked = gate.recorder.requests.at(-1)
    expect([method, chunked?.all('transfer-encoding'), chunked?.body.includes(';')]).toEqual([
      method,
      ['chunked'],
      false,
    ])
    expect(chunked?.body.replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, '').trimEnd().length).toBe(body.length)
  }
  await sendRaw(gate.port, gate.signedIn('POST /empty'))
  expect(gate.recorder.requests.at(-1)?.all('content-length')).toEqual(['0'])
})

test('a film that nobody reads holds the app back, and goes on when somebody does', async () => {
  gate = await startTraffic()
  let sent = 0
  const total = 200_000_000
  gate.recorder.answer = (_request, socket) => {
    const chunk = Buffer.alloc(65_536)
    const pump = () => {
      while (sent < total && !socket.destroyed) {
        const part = chunk.subarray(0, Math.min(chunk.length, total - sent))
        sent += part.length
        if (!socket.write(part)) return
      }
    }
    socket.on('drain', pump)
    setImmediate(pump)
    return `HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`
  }
  const client = await openRaw(gate.port)
  let received = 0
  client.socket.removeAllListeners('data')
  client.write(gate.signedIn('GET /film'))
  client.socket.pause()
  await untilQuiet(() => sent)
  const held = sent
  // Kernel buffers of four sockets on loopback, and ours.
  expect(held).toBeLessThan(40_000_000)
  client.socket.on('data', (chunk) => {
    received += chunk.length
  })
  client.socket.resume()
  await until(() => received > total)
  expect(sent).toBe(total)
})

test('an app that does not read holds the upload back', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () => undefined
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('PUT /backup', 'Content-Length: 500000000'))
  await until(() => gate.recorder.open.size === 1)
  for (const socket of gate.recorder.open) socket.pause()
  const chunk = Buffer.alloc(65_536)
  let taken = 0
  const pump = () => {
    while (client.socket.write(chunk)) taken += chunk.length
    taken += chunk.length
  }
  client.socket.on('drain', pump)
  pump()
  await untilQuiet(() => taken)
  const held = taken
  expect(held).toBeLessThan(40_000_000)
  for (const socket of gate.recorder.open) socket.removeAllListeners('data').resume()
  await until(() => taken > held + 20_000_000)
  client.socket.destroy()
  await until(() => gate.recorder.open.size === 0)
})

test('the app is told when the client leaves, before, during and after its answer has begun', async () => {
  gate = await startTraffic()
  for (const answer of [undefined, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc']) {
    gate.recorder.clear()
    gate.recorder.answer = () => answer
    for (const line of ['GET /x', 'PUT /x']) {
      const client = await openRaw(gate.port)
      client.write(line.startsWith('PUT') ? `${gate.signedIn(line, 'Content-Length: 4')}ab` : gate.signedIn(line))
      await until(() => gate.recorder.bytes().includes(line))
      if (answer !== undefined && line.startsWith('GET')) await client.until((received) => received.endsWith('abc'))
      client.socket.destroy()
      await until(() => gate.recorder.open.size === 0)
    }
  }
  expect(gate.live.isOpen('movies-key')).toBe(false)
})

test('an answer that comes before the upload is over reaches the client', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () => undefined
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('PUT /backup', 'Content-Length: 100000000') + 'a'.repeat(100_000))
  await until(() => gate.recorder.bytes().length > 50_000)
  for (const socket of gate.recorder.open)
    socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nfull')
  const answer = parseResponse(await client.closed())
  expect([answer.status, answer.body, answer.all('connection')]).toEqual([413, 'full', ['close']])
})

test('an upload and its answer may be on their way at once', async () => {
  gate = await startTraffic()
  gate.recorder.answer = () => undefined
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('POST /talk', 'Transfer-Encoding: chunked'))
  client.write('2\r\nhi\r\n')
  await until(() => gate.recorder.bytes().includes('hi'))
  const [app] = gate.recorder.open
  app?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
  await client.until((received) => received.includes('hello'))
  client.write('3\r\nbye\r\n0\r\n\r\n')
  await until(() => gate.recorder.bytes().includes('bye'))
  app?.write('3\r\nbye\r\n0\r\n\r\n')
  await client.until((received) => received.includes('bye') && ended(received))
  client.socket.destroy()
})

test('bytes of an open stream count as activity, once a minute', async () => {
  const clock = createFakeClock()
  gate = await startTraffic({ clock })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('GET /film'))
  await client.until((received) => received.endsWith('abc'))
  await clock.advance(60_000)
  expect(gate.touched).toEqual(['movies-key'])
  await clock.advance(600_000)
  expect(gate.touched).toEqual(['movies-key'])
  for (const socket of gate.recorder.open) socket.write('def')
  await client.until((received) => received.endsWith('abcdef'))
  await clock.advance(60_000)
  expect(gate.touched).toEqual(['movies-key', 'movies-key'])
  client.socket.destroy()
})

test.each([
  ['with its length', (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`],
  [
    'in chunks',
    (body: string) => `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  ],
])('a small answer of every byte there is, sent %s, arrives as it is and in one piece', async (_, framed) => {
  gate = await startTraffic()
  const body = Buffer.from([...Array(256).keys()])
    .toString('latin1')
    .repeat(8)
  gate.recorder.answer = () => `HTTP/1.1 200 OK\r\n${framed(body)}`
  const client = await openRaw(gate.port)
  const pieces: Buffer[] = []
  client.socket.on('data', (piece) => pieces.push(piece))
  client.write(gate.signedIn('GET /small'))
  const answer = parseResponse(await client.closed())
  expect(answer.body).toBe(body)
  expect(pieces).toHaveLength(1)
})

test('connections are used again, on both sides', async () => {
  gate = await startTraffic()
  const client = await openRaw(gate.port)
  for (let round = 1; round <= 5; round++) {
    client.write(`GET /${round} HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${gate.cookie}\r\n\r\n`)
    await client.until((received) => received.split('\r\n\r\nok').length === round + 1)
  }
  expect(gate.recorder.connections()).toBe(1)
  client.socket.destroy()
})
