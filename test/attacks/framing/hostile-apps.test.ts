import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countResponses, sendRaw } from '../../support/raw.ts'
import type { Answerer } from '../../support/recorder.ts'
import { ok } from '../../support/recorder.ts'
import { sampleSession } from '../../support/sample-session.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'
import { agreed, handshakeText, openWebSocket } from '../../support/web-socket.ts'

let gate: TrafficHarness
let next: string
beforeAll(async () => {
  gate = await startTraffic({
    parts: { upstreamLimits: { connectMs: 500, handshakeMs: 400, quietMs: 400, preflightMs: 400 } },
  })
  gate.sessions.set('next-person', { key: 'next-key', session: sampleSession('movies') })
  next = `GET /next HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${gate.app.cookies.session}=next-person\r\nConnection: close\r\n\r\n`
})
afterAll(() => gate.close())

/** What one person gets from an app that answers like this, and what the next person gets behind it. */
async function suffer(answer: Answerer, line = 'GET /evil') {
  const spoiled = new Set<Socket>()
  let usedAgain = false
  gate.recorder.clear()
  gate.recorder.answer = (request, socket) => {
    if (request.target === '/evil') {
      spoiled.add(socket)
      return answer(request, socket)
    }
    usedAgain ||= spoiled.has(socket)
    return ok
  }
  const first = await sendRaw(gate.port, gate.signedIn(line))
  const second = await sendRaw(gate.port, next)
  expect(countResponses(first.bytes)).toBe(1)
  return { first, usedAgain, next: `${second.status} ${second.body}` }
}

/** An answer that cannot be read in one way: nothing of it goes on, and its connection is not used again. */
async function disbelieved(answer: Answerer, status: number): Promise<void> {
  const { first, ...rest } = await suffer(answer)
  const seen = { status: first.status, evil: first.bytes.includes('evil'), ...rest }
  expect([String(answer), seen]).toEqual([String(answer), { status, evil: false, usedAgain: false, next: '200 ok' }])
}

/** An answer whose end is wrong: the part that was right has gone on, the connection is closed on both sides. */
async function cutShort(answer: Answerer): Promise<void> {
  const { first, ...rest } = await suffer(answer)
  const seen = { status: first.status, evil: first.bytes.includes('evil'), ...rest }
  expect([String(answer), seen]).toEqual([
    String(answer),
    { status: 200, evil: false, usedAgain: false, next: '200 ok' },
  ])
  expect(first.bytes.endsWith('0\r\n\r\n')).toBe(false)
}

const head = 'HTTP/1.1 200 OK\r\n'

test('S17: an answer with two framings, or with an odd one, is not believed', async () => {
  for (const framing of [
    'Content-Length: 4\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 4',
    'Content-Length: 3\r\nContent-Length: 4',
    'Content-Length: 4\r\nContent-Length: 4',
    'Content-Length: +4',
    'Content-Length: 4, 4',
    'Content-Length: 0x4',
    'Content-Length: 99999999999999999999',
    'Content-Length : 4',
    'X: y\r\n Content-Length: 4',
    'Bad Name: x\r\nContent-Length: 4',
    'X: a\0b\r\nContent-Length: 4',
    'X: a\rSet-Cookie: b\r\nContent-Length: 4',
  ]) {
    await disbelieved(() => `${head}${framing}\r\n\r\nevil`, 502)
  }
})

test('S17: what is no HTTP/1.1 answer is not believed', async () => {
  for (const bytes of [
    'HTTP/1.1 200 OK\nContent-Length: 4\n\nevil',
    'ICY 200 OK\r\nContent-Length: 4\r\n\r\nevil',
    'HTTP/1.1 1000 X\r\nContent-Length: 4\r\n\r\nevil',
    'HTTP/1.1 099 X\r\nContent-Length: 4\r\n\r\nevil',
    'HTTP/1.1 000 X\r\nContent-Length: 4\r\n\r\nevil',
    'evil\r\n\r\n',
  ]) {
    await disbelieved(() => bytes, 502)
  }
  await disbelieved((_request, socket) => void socket.end('evil'), 502)
  await disbelieved((_request, socket) => void socket.end(`${head}Content-Length: 4\r\nX: evil`), 502)
})

test('S17: another protocol that nobody asked for is not believed', async () => {
  for (const fields of [
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
    'Upgrade: h2c\r\nConnection: Upgrade\r\n',
    '',
  ]) {
    await disbelieved(() => `HTTP/1.1 101 Switching Protocols\r\n${fields}\r\nevil`, 502)
  }
})

test('S17: headers and interim answers without end are given up', async () => {
  await disbelieved(() => `${head}${'X: evil\r\n'.repeat(20_000)}\r\n`, 502)
  await disbelieved(() => `${head}${'X'.repeat(20_000)}: evil\r\n\r\n`, 502)
  await disbelieved((_request, socket) => void pump(socket, head, 'X: evil\r\n'), 502)
  await disbelieved(
    (_request, socket) => void pump(socket, '', 'HTTP/1.1 103 Early Hints\r\nLink: </evil>\r\n\r\n'),
    502,
  )
})

/** Writes `more` for as long as anybody takes it. */
function pump(socket: Socket, first: string, more: string): void {
  const write = () => {
    while (!socket.destroyed && socket.write(more.repeat(100)));
  }
  socket.write(first)
  socket.on('drain', write)
  write()
}

test('S17: a body that breaks off or goes wrong is cut off, and its connection is not used again', async () => {
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc`
  for (const rest of [
    '\r\nzz\r\nevil\r\n',
    'evil\r\n0\r\n\r\n',
    '\r\n0x4\r\nevil\r\n',
    '\n4\nevil\n0\n\n',
    '\r\n-1\r\nevil',
  ]) {
    await cutShort(() => chunked + rest)
  }
  await cutShort((_request, socket) => void socket.end(chunked))
  await cutShort((_request, socket) => void socket.end(`${head}Content-Length: 20\r\n\r\nabc`))
  await cutShort((_request, socket) => {
    socket.write(`${head}Content-Length: 20\r\n\r\nabc`, () => socket.resetAndDestroy())
    return undefined
  })
})

test('S17: what comes behind an answer is nobody’s, and its connection is not used again', async () => {
  const evil = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'
  for (const answer of [
    ok + evil,
    `${ok}evil`,
    `${ok}HTTP/1.1 200 OK\r\nContent-Le`,
    `HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil`,
    `HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil`,
    `HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n${evil}`,
  ]) {
    const { first, ...rest } = await suffer(() => answer)
    expect([answer, first.bytes.includes('evil'), rest]).toEqual([answer, false, { usedAgain: false, next: '200 ok' }])
  }
  const { first, ...rest } = await suffer(() => `${head}Content-Length: 4\r\n\r\nevil`, 'HEAD /evil')
  expect([first.bytes.includes('evil'), rest]).toEqual([false, { usedAgain: false, next: '200 ok' }])
})

test('S17: an answer that comes before anybody has asked closes its connection', async () => {
  let idle: Socket | undefined
  const { next: served } = await suffer((_request, socket) => {
    idle = socket
    return ok
  })
  expect(served).toBe('200 ok')
  idle?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
  await until(() => idle?.destroyed === true)
  expect((await sendRaw(gate.port, next)).body).toBe('ok')
})

test('S17: a handshake is answered as carefully: framings, broken bodies, heads without end', async () => {
  const handshake = async (answer: Answerer) => {
    gate.recorder.answer = answer
    const { status, bytes } = await sendRaw(gate.port, handshakeText(gate))
    return {
      status,
      responses: countResponses(bytes),
      evil: bytes.includes('evil'),
      whole: bytes.endsWith('0\r\n\r\n'),
    }
  }
  for (const bytes of [
    `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nevil`,
    `${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nevil`,
    `${head}Content-Length: +4\r\n\r\nevil`,
    `${head}X: a\x01b\r\nContent-Length: 4\r\n\r\nevil`,
    'HTTP/1.1 200 OK\nContent-Length: 4\n\nevil',
    'HTTP/1.1 099 X\r\nContent-Length: 4\r\n\r\nevil',
    `${agreed}Upgrade: h2c\r\n\r\nevil`,
    `${agreed}Sec-WebSocket-Accept: evil\r\n\r\nevil`,
    `${agreed.replace('Connection: Upgrade\r\n', '')}\r\nevil`,
  ]) {
    const refused = { status: 502, responses: 1, evil: false, whole: false }
    expect([bytes, await handshake(() => bytes)]).toEqual([bytes, refused])
  }
  const cut = { status: 200, responses: 1, evil: false, whole: false }
  expect(await handshake(() => `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\nevil`)).toEqual(cut)
  expect(await handshake((_request, socket) => void socket.end(`${head}Content-Length: 2\r\n\r\nokevil`))).toEqual(cut)
  const flood = (first: string, more: string) =>
    handshake((_request, socket) => void pump(socket, first, more)).then(({ status }) => status)
  expect(await flood(head, 'X: evil\r\n')).toBe(502)
  expect(await flood('', 'HTTP/1.1 103 Early Hints\r\nLink: </evil>\r\n\r\n')).toBe(504)
  expect(await flood('', 'HTTP/1.1 100 Continue\r\n\r\n')).toBe(504)
  // Interim answers with an end are no harm, and an agreement has no length.
  gate.recorder.answer = () => `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${agreed}Content-Length: 4\r\n\r\n`
  const client = await openWebSocket(gate)
  expect(client.received()).not.toMatch(/103|content-length/i)
  client.socket.destroy()
})

test('S12: of an app that does not read a body, nobody else gets the answer to what was hidden there', async () => {
  // It takes what it has not read for the next request, and is slow to answer that one.
  let late: (() => void) | undefined
  const careless = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      for (const [, target] of chunk.toString('latin1').matchAll(/[A-Z]+ (\/\S*) HTTP\/1\.1\r\n/g)) {
        if (target === '/next') late?.()
        if (target === '/hidden') late = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil')
        else socket.write(ok)
      }
    })
  })
  careless.listen(0, '127.0.0.1')
  await once(careless, 'listening')
  const { port } = careless.address() as AddressInfo
  const own = await startTraffic({ app: { upstream: new URL(`http://127.0.0.1:${port}`) } })
  own.sessions.set('next-person', { key: 'next-key', session: sampleSession('movies') })
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: movies.home.example\r\n\r\n'
  for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'PROPFIND', 'QUERY', 'REPORT']) {
    for (const [framing, body] of [
      [`Content-Length: ${hidden.length}`, hidden],
      ['Transfer-Encoding: chunked', `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`],
    ] as const) {
      late = undefined
      const first = await sendRaw(
        own.port,
        own.framed(`${method} /first HTTP/1.1`, [framing, 'Connection: close'], body),
      )
      expect(first.status).toBe(200)
      expect([method, framing, (await sendRaw(own.port, next)).body]).toEqual([method, framing, 'ok'])
    }
  }
  await own.close()
  careless.close()
})
