import { METHODS } from 'node:http'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseResponse, sendRaw } from '../support/raw.ts'
import { ok } from '../support/recorder.ts'
import { useTraffic } from '../support/traffic-harness.ts'

const gate = useTraffic()

test('M1 S19: every method but CONNECT and TRACE goes on as it is for somebody who is signed in, and for nobody else', async () => {
  gate.recorder.answer = () => ok
  const refused = ['CONNECT', 'TRACE']
  for (const method of METHODS) {
    gate.recorder.clear()
    const anonymous = await sendRaw(gate.port, gate.anonymous(`${method} /dav`))
    expect([method, anonymous.status]).toEqual([method, refused.includes(method) ? 405 : 401])
    expect(gate.recorder.bytes()).toBe('')
    const answer = await sendRaw(gate.port, gate.signedIn(`${method} /dav`))
    const seen = gate.recorder.requests.map((request) => request.method)
    expect([answer.status, seen]).toEqual(refused.includes(method) ? [405, []] : [200, [method]])
    if (answer.status === 405) {
      expect(answer.all('allow')).toEqual([METHODS.filter((name) => !refused.includes(name)).join(', ')])
    }
  }
  expect(METHODS).toEqual(expect.arrayContaining(['QUERY', 'M-SEARCH', 'PROPFIND', 'REPORT', 'MKCALENDAR', 'PURGE']))
  // A method is a name in its own letters (RFC 9110 §9.1).
  for (const method of ['get', 'Get', 'TRACK', 'FOO', 'PROPFIND2']) {
    expect([method, (await sendRaw(gate.port, gate.signedIn(`${method} /dav`))).status]).toEqual([method, 400])
  }
})

test('D4: ranges of any number and kind reach the app, and parts of several come back as they are', async () => {
  const part = '--x\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n'
  const body = `${part}${part.replace('0-1', '8-8').replace('ab', 'i')}--x--\r\n`
  gate.recorder.answer = () =>
    `HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const many = `bytes=${Array.from({ length: 1000 }, (_, i) => `${i}-${i}`).join(',')}`
  for (const range of ['bytes=0-1,8-', 'bytes=-1', 'bytes=0-,0-,0-', 'pages=1-2', 'nonsense', many]) {
    const answer = await sendRaw(gate.port, gate.signedIn('GET /film', `Range: ${range}`, 'If-Range: "v1"'))
    expect([answer.status, answer.body, answer.all('content-type')]).toEqual([
      206,
      body,
      ['multipart/byteranges; boundary=x'],
    ])
    expect(gate.recorder.requests.at(-1)?.all('range')).toEqual([range])
  }
  gate.recorder.answer = () =>
    'HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */9\r\nContent-Length: 0\r\n\r\n'
  const none = await sendRaw(gate.port, gate.signedIn('GET /film', 'Range: bytes=9-'))
  expect([none.status, none.all('content-range')]).toEqual([416, ['bytes */9']])
})

test('what is packed stays packed, both ways', async () => {
  const packed = gzipSync('hello '.repeat(100)).toString('latin1')
  gate.recorder.answer = () =>
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\nETag: "a"\r\nContent-Length: ${packed.length}\r\n\r\n${packed}`
  const encodings = 'gzip, br;q=0.9, zstd, identity;q=0'
  const answer = await sendRaw(
    gate.port,
    gate.signedIn(
      'POST /x',
      `Accept-Encoding: ${encodings}`,
      'Content-Encoding: gzip',
      `Content-Length: ${packed.length}`,
    ) + packed,
  )
  const seen = gate.recorder.requests[0]
  expect([seen?.body === packed, seen?.all('content-encoding'), seen?.all('accept-encoding')]).toEqual([
    true,
    ['gzip'],
    [encodings],
  ])
  expect([answer.body === packed, answer.all('content-encoding'), answer.all('etag')]).toEqual([
    true,
    ['gzip'],
    ['"a"'],
  ])
  expect(gunzipSync(Buffer.from(answer.body, 'latin1')).toString()).toBe('hello '.repeat(100))
})

test('S17: an answer that has no body by its kind has none, whatever the app says and sends', async () => {
  const lies = [
    'Content-Length: 5\r\n\r\nhello',
    'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    'Content-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
  ]
  for (const [request, status] of [
    ['GET', '204 No Content'],
    ['GET', '304 Not Modified'],
    ['HEAD', '200 OK'],
  ] as const) {
    for (const lie of lies) {
      gate.recorder.answer = () => `HTTP/1.1 ${status}\r\n${lie}`
      const answer = await sendRaw(gate.port, gate.signedIn(`${request} /x`))
      expect([status, `${answer.status}`, answer.bytes.endsWith('\r\n\r\n')]).toEqual([
        status,
        status.slice(0, 3),
        true,
      ])
      expect(answer.bytes).not.toMatch(/hello|evil|transfer-encoding/)
      if (answer.status === 204) expect(answer.all('content-length')).toEqual([])
      // Nobody gets the rest.
      gate.recorder.answer = () => ok
      expect((await sendRaw(gate.port, gate.signedIn('GET /next'))).body).toBe('ok')
    }
  }
})

test('HEAD says the length that GET would have, and one that nobody knows is not made up', async () => {
  for (const [head, length] of [
    ['Content-Length: 5000000000', ['5000000000']],
    ['Content-Length: 0', ['0']],
    ['Transfer-Encoding: chunked', []],
    ['ETag: "a"', []],
  ] as const) {
    gate.recorder.answer = () => `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`
    const answer = await sendRaw(gate.port, gate.signedIn('HEAD /film'))
    expect([head, answer.all('content-length'), answer.body]).toEqual([head, length, ''])
  }
})

test('H4 H14 H17: what both sides say of their connection stays there, and moves no framing', async () => {
  const said = 'Content-Length, Transfer-Encoding, Host, Cookie, ETag, X-Forwarded-Proto, close'
  for (const [answers, body] of [
    ['Content-Length: 5\r\n\r\nhello', 'hello'],
    ['Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 'hello'],
  ] as const) {
    gate.recorder.clear()
    gate.recorder.answer = () =>
      `HTTP/1.1 200 OK\r\nConnection: ${said}\r\nETag: "hop"\r\nKeep-Alive: timeout=0, max=0\r\n${answers}`
    const bytes = gate.framed(
      'POST /x HTTP/1.1',
      [
        `Connection: ${said}`,
        'Keep-Alive: timeout=9999999999',
        'Proxy-Connection: keep-alive',
        'TE: trailers, gzip',
        'Content-Length: 3',
      ],
      'abc',
    )
    const answer = await sendRaw(gate.port, bytes)
    const [seen] = gate.recorder.requests
    expect([answer.status, answer.body, answer.all('etag'), answer.all('keep-alive')]).toEqual([200, body, [], []])
    expect([seen?.body, seen?.all('content-length'), seen?.all('host')]).toEqual([
      'abc',
      ['3'],
      ['movies.home.example'],
    ])
    expect(seen?.all('x-forwarded-proto')).toEqual(['https'])
    // A request with a body is the last one on its connection to the app.
    expect(seen?.all('connection')).toEqual(['close'])
    expect(['cookie', 'te', 'keep-alive', 'proxy-connection'].flatMap((name) => seen?.all(name) ?? [])).toEqual([])
    expect(parseResponse(answer.bytes).all('connection')).toEqual(['close'])
  }
})
