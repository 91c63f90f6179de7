import { once } from 'node:events'
import { connect } from 'node:http2'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeCertificate } from '../../support/certificate.ts'
import { type Field, FLAG, FRAME, fieldsFor, frame, head, openHttp2, outcome } from '../../support/http2-raw.ts'
import { ok } from '../../support/recorder.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'

let gate: TrafficHarness
beforeAll(async () => {
  const tls = await makeCertificate(['movies.home.example', 'photos.home.example', 'door.home.example'])
  gate = await startTraffic({ tls, http2: true })
})
beforeEach(() => {
  gate.recorder.clear()
  gate.recorder.answer = () => ok
})
afterAll(() => gate.close())

const signedIn = (changes?: Record<string, string>) => fieldsFor('movies.home.example', gate.cookie, changes)
const GET = () => signedIn().filter(([name]) => name !== 'cookie')
const replaced = (name: string, value: string) => signedIn({ [name]: value })

/** The head that the app saw of a request that it answered. */
async function sentAndSeen(fields: Field[]): Promise<string> {
  gate.recorder.clear()
  for (const socket of gate.recorder.open) socket.destroy()
  expect(await sent(head(1, fields))).toBe('answered')
  return gate.recorder.requests[0]?.head ?? ''
}

/** By the client of Node, which reads what we compress. */
async function statusOf(fields: Field[]): Promise<string> {
  const session = connect(`https://127.0.0.1:${gate.port}`, {
    servername: 'movies.home.example',
    rejectUnauthorized: false,
  })
  const stream = session.request(fields.flat())
  const status = await once(stream, 'response').then(
    ([headers]) => String(headers[':status']),
    () => 'reset',
  )
  session.destroy()
  return status
}

async function sent(...frames: Buffer[]): Promise<string> {
  const client = await openHttp2(gate.port)
  client.write(...frames)
  return outcome(client)
}

const refused: [string, () => Field[]][] = [
  ['twice :path', () => [...GET(), [':path', '/y'], ['cookie', gate.cookie]]],
  ['twice :authority', () => [...GET(), [':authority', 'photos.home.example']]],
  ['a pseudo field behind the others', () => [...signedIn(), [':method', 'GET']]],
  ['a pseudo field that nobody knows', () => [...GET(), [':protocol', 'websocket']]],
  ['a response field', () => [...GET(), [':status', '200']]],
  ['no :path', () => signedIn().filter(([name]) => name !== ':path')],
  ['an empty :path', () => replaced(':path', '')],
  ['no :method', () => signedIn().filter(([name]) => name !== ':method')],
  ['no :scheme', () => signedIn().filter(([name]) => name !== ':scheme')],
  ['another scheme', () => replaced(':scheme', 'http')],
  ['an upper-case name', () => [...signedIn(), ['Cookie', 'a=b']]],
  ['a line end in :path', () => replaced(':path', '/x HTTP/1.1\r\nRemote-User: eve\r\n\r\n')],
  ['a blank in :path', () => replaced(':path', '/x y')],
  ['a line end in :method', () => replaced(':method', 'GET / HTTP/1.1\r\nA: b\r\n\r\nGET')],
  ['a line end in :authority', () => replaced(':authority', 'movies.home.example\r\nA: b')],
  ['connection', () => [...signedIn(), ['connection', 'close']]],
  ['keep-alive', () => [...signedIn(), ['keep-alive', 'timeout=5']]],
  ['proxy-connection', () => [...signedIn(), ['proxy-connection', 'x']]],
  ['transfer-encoding', () => [...signedIn(), ['transfer-encoding', 'chunked']]],
  ['upgrade', () => [...signedIn(), ['upgrade', 'websocket']]],
  ['te other than trailers', () => [...signedIn(), ['te', 'gzip']]],
  ['two lengths', () => [...signedIn(), ['content-length', '0'], ['content-length', '3']]],
  ['a length without a body', () => [...signedIn(), ['content-length', '3']]],
  ['an odd length', () => [...signedIn(), ['content-length', '+0']]],
  [
    'CONNECT',
    () => [
      [':method', 'CONNECT'],
      [':authority', 'movies.home.example'],
    ],
  ],
]

test.each(refused)('HTTP/2: a request with %s reaches no app', async (_, fields) => {
  const result = await sent(head(1, fields()))
  expect(result).toMatch(/^(reset|gone) \d+$/)
  expect(gate.recorder.bytes()).toBe('')
})

test('HTTP/2: a Host that is not the authority is refused', async () => {
  for (const host of ['photos.home.example', 'MOVIES.home.example', '']) {
    expect(await sent(head(1, [...signedIn(), ['host', host]]))).toMatch(/^(reset|gone) \d+$/)
  }
  expect(gate.recorder.bytes()).toBe('')
  expect(await sent(head(1, [...signedIn(), ['host', 'movies.home.example']]))).toBe('answered')
})

test('HTTP/2: a method in another spelling is refused', async () => {
  // The last one was never answered at all.
  for (const method of ['get', 'Post', 'connect']) {
    expect([method, await sent(head(1, replaced(':method', method)))]).toEqual([method, 'reset 1'])
  }
  expect(gate.recorder.bytes()).toBe('')
})

test('HTTP/2: a body of a GET arrives, whatever the value of a field is', async () => {
  const get = head(1, signedIn({ dnt: 'content-length' }), FLAG.endHeaders)
  expect(await sent(get, frame(FRAME.data, FLAG.endStream, 1, Buffer.from('hello')))).toBe('answered')
  expect(gate.recorder.requests[0]?.body).toContain('hello')
})

test('HTTP/2: a field that HTTP/1.1 could not hold is worth nothing', async () => {
  const plain = await sentAndSeen(signedIn())
  for (const field of [
    ['if-match', 'b\r\nRemote-User: eve'],
    ['if-match', 'b\nRemote-User: eve'],
    ['if-match', 'b\0eve'],
    ['if-match: b\r\nremote-user', 'eve'],
    ['remote-user ', 'eve'],
    ['', 'eve'],
  ] as Field[]) {
    expect([field, await sentAndSeen([...signedIn(), field])]).toEqual([field, plain])
  }
})

test('HTTP/2: what is true of names on HTTP/1.1 is true here: hosts, identity, cookies, doubled fields', async () => {
  const seen = await sentAndSeen([
    ...GET(),
    ['cookie', gate.cookie],
    ['cookie', 'theirs=1'],
    ['remote-user', 'eve'],
    ['x_forwarded.user', 'eve'],
    ['x-forwarded-for', '6.6.6.6'],
    ['te', 'trailers'],
    ['if-match', '"a"'],
  ])
  expect(seen).not.toMatch(/eve|6\.6\.6\.6|entryphone|^te:/im)
  expect(seen).toMatch(/^cookie: theirs=1\r$/im)
  expect(seen).toMatch(/^if-match: "a"\r$/im)
  expect(seen).toMatch(/^host: movies\.home\.example\r$/im)
  for (const [fields, status] of [
    [GET(), '401'],
    [replaced(':authority', 'evil.example'), '421'],
    // TLS was opened for another name (V3), whatever the certificate covers.
    [replaced(':authority', 'photos.home.example'), '421'],
    [replaced(':path', '/a/../b'), '400'],
    [replaced(':path', 'https://evil.example/'), 'reset'],
    [replaced(':method', 'TRACE'), '405'],
    [[...replaced(':method', 'POST'), ['origin', 'https://evil.example']], '403'],
    [[...signedIn(), ...Array.from({ length: 900 }, (_, i): Field => [`x-${i}`, 'a'.repeat(40)])], '431'],
  ] as [Field[], string][]) {
    gate.recorder.clear()
    expect([fields.slice(0, 6), await statusOf(fields)]).toEqual([fields.slice(0, 6), status])
    expect(gate.recorder.bytes()).toBe('')
  }
})

test('HTTP/2: doubled singleton fields are refused', async () => {
  for (const name of ['range', 'origin', 'authorization', 'if-range']) {
    await sent(head(1, [...signedIn(), [name, 'a'], [name, 'b']]))
    expect([name, gate.recorder.bytes()]).toEqual([name, ''])
  }
})

test('HTTP/2: trailers end here', async () => {
  const client = await openHttp2(gate.port)
  const data = frame(FRAME.data, 0, 1, Buffer.from('abc'))
  client.write(
    head(1, replaced(':method', 'POST'), FLAG.endHeaders),
    data,
    head(1, [
      ['remote-user', 'eve'],
      ['if-match', 'eve'],
    ]),
  )
  await client.until(({ type }) => type === FRAME.data)
  client.socket.destroy()
  expect(gate.recorder.requests[0]?.body).toContain('abc')
  expect(gate.recorder.bytes()).not.toContain('eve')
})

test('HTTP/2: a body that is not as long as it says makes no request of the rest', async () => {
  for (const [length, body] of [
    ['3', 'abcGET /hidden HTTP/1.1\r\nHost: movies.home.example\r\n\r\n'],
    ['100', 'abc'],
  ] as const) {
    const fields: Field[] = [...replaced(':method', 'POST'), ['content-length', length]]
    expect(
      await sent(head(1, fields, FLAG.endHeaders), frame(FRAME.data, FLAG.endStream, 1, Buffer.from(body))),
    ).toMatch(/^(reset|gone)/)
    await until(() => gate.recorder.open.size === 0)
    expect(gate.recorder.requests).toEqual([])
    expect(gate.recorder.bytes()).not.toContain('hidden')
  }
})
