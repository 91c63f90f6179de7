import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { countResponses, openRaw, sendRaw } from '../../support/raw.ts'
import { ok } from '../../support/recorder.ts'
import { hidden } from '../../support/refused.ts'
import { sampleSession } from '../../support/sample-session.ts'
import { useTraffic } from '../../support/traffic-harness.ts'
import { turns, until } from '../../support/turns.ts'

const gate = useTraffic()

const handshake = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
]

test('S12: a body on a method without one is consumed before the next request', async () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
    for (const [framing, body] of [
      [`Content-Length: ${hidden.length}`, hidden],
      ['Transfer-Encoding: chunked', `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`],
    ] as const) {
      gate.recorder.clear()
      gate.recorder.answer = ({ target }) => `HTTP/1.1 200 OK\r\nX-Target: ${target}\r\nContent-Length: 0\r\n\r\n`
      const first = gate.framed(`${method} /first HTTP/1.1`, [framing], body)
      const second = gate.framed('GET /second HTTP/1.1', ['Connection: close'])
      const answer = await sendRaw(gate.port, first + second)
      expect(answer.bytes.match(/X-Target: \S+/g)).toEqual(['X-Target: /first', 'X-Target: /second'])
      expect(gate.recorder.requests.map((recorded) => recorded.target).sort()).toEqual(['/first', '/second'])
    }
  }
  gate.recorder.answer = () => ok
})

test('S12: a handshake with a body ends its connection', async () => {
  for (const framing of [`Content-Length: ${hidden.length}`, 'Transfer-Encoding: chunked']) {
    gate.recorder.clear()
    const answer = await sendRaw(gate.port, gate.framed('GET /socket HTTP/1.1', [...handshake, framing], hidden))
    expect([framing, answer.status, countResponses(answer.bytes)]).toEqual([framing, 400, 1])
    expect(gate.recorder.bytes()).toBe('')
  }
})

test('S15: an answer before the body was read is the last one on its connection', async () => {
  const anonymous = `POST / HTTP/1.1\r\nHost: movies.home.example\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(1_000_000)}`
  const answer = await sendRaw(gate.port, anonymous + gate.framed('GET /hidden HTTP/1.1', []))
  expect(answer.status).toBe(401)
  expect(answer.all('connection')).toEqual(['close'])
  expect(countResponses(answer.bytes)).toBe(1)
  expect(gate.recorder.bytes()).toBe('')
})

test('S18: pipelined requests of different people get their own answers', async () => {
  gate.recorder.answer = (recorded) => `HTTP/1.1 200 OK\r\nX-Seen: ${recorded.target}\r\nContent-Length: 0\r\n\r\n`
  const anonymous = 'GET /a HTTP/1.1\r\nHost: movies.home.example\r\n\r\n'
  const answer = await sendRaw(
    gate.port,
    gate.framed('GET /b HTTP/1.1', []) + anonymous + gate.framed('GET /c HTTP/1.1', ['Connection: close']),
  )
  expect(answer.bytes.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401', 'HTTP/1.1 200'])
  expect(gate.recorder.requests.map((recorded) => recorded.target)).toEqual(['/b', '/c'])
  gate.recorder.answer = () => ok
})

test('S18: a thousand people on a few connections, each with their own answer', async () => {
  const name = gate.app.cookies.session
  const people = Array.from({ length: 1000 }, (_, person) => person)
  for (const person of people)
    gate.sessions.set(`person-${person}`, { key: `key-${person}`, session: sampleSession('movies') })
  gate.recorder.answer = (recorded) =>
    `HTTP/1.1 200 OK\r\nX-Seen: ${recorded.target} ${recorded.all('cookie')[0]}\r\nContent-Length: 0\r\n\r\n`
  // Every third of them is nobody; every fifth of the others sends a body.
  const request = (person: number) => {
    const stranger = person % 3 === 0
    const session = stranger ? 'stranger' : `person-${person}`
    const [method, framing, body] =
      person % 5 === 0 && !stranger ? ['POST', 'Content-Length: 3\r\n', 'abc'] : ['GET', '', '']
    return `${method} /${person} HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${name}=${session}; who=${person}\r\n${framing}\r\n${body}`
  }
  const front = await Promise.all(Array.from({ length: 20 }, () => openRaw(gate.port)))
  await Promise.all(
    front.map(async (connection, index) => {
      const own = people.filter((person) => person % front.length === index)
      for (let at = 0; at < own.length; at += 10) {
        const batch = own.slice(at, at + 10)
        const before = countResponses(connection.received())
        connection.write(batch.map(request).join(''))
        await connection.until((received) => countResponses(received) === before + batch.length)
      }
      const wanted = own.map((person) => (person % 3 === 0 ? '401' : `200 /${person} who=${person}`))
      const answers = connection.received().split('HTTP/1.1 ').slice(1)
      const got = answers.map((text) => [text.slice(0, 3), /X-Seen: (.*)\r/.exec(text)?.[1]].filter(Boolean).join(' '))
      expect(got).toEqual(wanted)
      connection.socket.destroy()
    }),
  )
  expect(gate.recorder.requests.some((recorded) => recorded.head.includes('stranger'))).toBe(false)
  gate.recorder.answer = () => ok
})

test('pipelined requests are begun one after another, and cut with their connection', async () => {
  const seen: string[] = []
  let first: Socket | undefined
  gate.recorder.answer = (recorded, socket) => {
    seen.push(recorded.target)
    first ??= socket
    return recorded.target === '/a' ? undefined : ok
  }
  const client = await openRaw(gate.port)
  client.write(
    gate.framed('GET /a HTTP/1.1', []) +
      gate.framed('POST /b HTTP/1.1', []) +
      gate.framed('GET /c HTTP/1.1', ['Connection: close']),
  )
  while (first === undefined) await turns(1)
  await turns(20)
  expect(seen).toEqual(['/a'])
  first.write(ok)
  await client.closed()
  expect(seen).toEqual(['/a', '/b', '/c'])
  const broken = await openRaw(gate.port)
  broken.write(gate.framed('GET /a HTTP/1.1', []) + gate.framed('GET /b HTTP/1.1', []))
  await until(() => seen.length >= 4)
  broken.socket.destroy()
  await until(() => !gate.live.isOpen('movies-key'))
  expect(seen).toEqual(['/a', '/b', '/c', '/a'])
  const flood = await openRaw(gate.port)
  flood.write(gate.framed('GET /a HTTP/1.1', []).repeat(50))
  expect(await flood.closed()).toBe('')
  gate.recorder.answer = () => ok
})

test('behind the last answer of a connection nothing is begun', async () => {
  const upgrade = gate.framed('GET /socket HTTP/1.1', handshake)
  for (const last of [
    gate.framed('POST /a HTTP/1.1', ['Content-Length: 0003'], 'abc'),
    gate.framed('POST /a HTTP/1.1', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'),
    gate.framed('POST /a HTTP/1.0', ['Transfer-Encoding: chunked'], '0\r\n\r\n'),
    gate.framed('GET /a HTTP/2.0', []),
    gate.framed('GET /a HTTP/1.1', ['Host: movies.home.example']),
    gate.framed('GET /a HTTP/1.1', ['Origin: a', 'Origin: b']),
    gate.framed('TRACE /a HTTP/1.1', []),
    gate.framed('GET /a HTTP/1.1', ['Expect: magic']),
    gate.framed('GET /a HTTP/1.0', []),
    'POST /a HTTP/1.1\r\nHost: movies.home.example\r\nContent-Length: 3\r\n\r\nabc',
  ]) {
    for (const behind of [hidden, hidden + hidden, upgrade]) {
      for (const pieces of [[last + behind], [last, behind], [last + behind.slice(0, 20), behind.slice(20)]]) {
        // A connection to the app waits for use, so that what is begun is there at once.
        await sendRaw(gate.port, gate.signedIn('GET /warm'))
        gate.recorder.clear()
        const client = await openRaw(gate.port)
        for (const piece of pieces) {
          client.write(piece)
          await turns(3)
        }
        const received = await client.closed()
        expect([pieces, countResponses(received) <= 1]).toEqual([pieces, true])
        await turns(10)
        expect([pieces, gate.recorder.bytes()]).not.toEqual([pieces, expect.stringMatching(/hidden|socket/)])
      }
    }
  }
})

test('S14: nothing is read behind an upgrade that is not taken', async () => {
  const upgrades = ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA']
  const posted = gate.framed('POST /form HTTP/1.1', ['Content-Length: 90'], hidden.padEnd(90))
  for (const behind of [hidden, posted]) {
    for (const cut of [0, 20, posted.indexOf('GET /hidden'), behind.length]) {
      gate.recorder.clear()
      const client = await openRaw(gate.port)
      client.write(gate.framed('GET /first HTTP/1.1', upgrades) + behind.slice(0, cut))
      await turns(3)
      client.write(behind.slice(cut))
      await client.until((received) => received.endsWith('ok'))
      await turns(20)
      expect([cut, client.socket.readableEnded]).toEqual([cut, true])
      expect(gate.recorder.requests.map(({ target }) => target)).toEqual(['/first'])
    }
  }
})

test('a handshake or CONNECT behind a request that is not answered yet ends the connection', async () => {
  for (const second of [gate.framed('GET /socket HTTP/1.1', handshake), gate.framed('CONNECT a:1 HTTP/1.1', [])]) {
    for (const before of [
      gate.framed('GET /a HTTP/1.1', []),
      'GET / HTTP/1.1\r\nHost: movies.home.example\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
    ]) {
      gate.recorder.clear()
      const answer = await sendRaw(gate.port, before + second)
      expect(countResponses(answer.bytes)).toBeLessThanOrEqual(1)
      expect(gate.recorder.bytes()).not.toMatch(/socket|CONNECT/)
    }
  }
  expect((await sendRaw(gate.port, gate.framed('GET /alive HTTP/1.1', ['Connection: close']))).status).toBe(200)
})
