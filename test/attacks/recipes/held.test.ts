import { afterEach, beforeEach, expect, test } from 'vitest'
import { littleRecipe } from '../../support/little-recipe.ts'
import { openRaw, sendRaw } from '../../support/raw.ts'
import { startTraffic, type TrafficHarness } from '../../support/traffic-harness.ts'

// What a hostile app or client can make of an exchange that a recipe looks at.

let gate: TrafficHarness
beforeEach(async () => {
  const observe = async () => undefined
  const rules = { 'GET /held': { observe }, 'HEAD /held': { observe }, 'POST /held': { observe, readsBody: true } }
  gate = await startTraffic({ parts: { gates: new Map([['movies', littleRecipe({ rules }).gate]]) } })
})
afterEach(() => gate.close())

test('a held answer sets no cookie of ours, and loses what belongs to its own connection', async () => {
  gate.recorder.answer = () =>
    `HTTP/1.1 200 OK\r\nSet-Cookie: ${gate.app.cookies.session}=x; Path=/\r\nSet-Cookie: own=1\r\nClear-Site-Data: "*"\r\n` +
    'Connection: X-Hop\r\nX-Hop: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n'
  const answer = await sendRaw(gate.port, gate.signedIn('GET /held'))
  expect([answer.status, answer.body, answer.all('content-length')]).toEqual([200, 'ok', ['2']])
  expect(answer.all('set-cookie')).toEqual(['own=1'])
  for (const name of ['clear-site-data', 'x-hop', 'transfer-encoding', 'x-late']) expect(answer.all(name)).toEqual([])
})

test('what follows a held answer without a body is the next answer, and no part of it', async () => {
  for (const [line, said] of [
    ['HEAD /held HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n'],
    ['GET /held HTTP/1.1', 'HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n'],
    ['GET /held HTTP/1.1', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n'],
    ['GET /held HTTP/1.1', 'HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 204 None\r\n\r\n'],
  ] as const) {
    gate.recorder.answer = ({ target }) =>
      target === '/held' ? said : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext'
    const client = await openRaw(gate.port)
    client.write(gate.framed(line, []) + gate.framed('GET /next HTTP/1.1', ['Connection: close']))
    await client.closed()
    const heads = client.received().match(/^HTTP\/1\.1 \d+/gm)
    expect([line, said, heads?.length, client.received().endsWith('\r\n\r\nnext')]).toEqual([line, said, 2, true])
  }
})

test('what is held and then sent on is one request, whatever its length was said to be', async () => {
  const smuggled = 'GET /secret HTTP/1.1\r\nHost: x\r\n\r\n'
  const first = await sendRaw(
    gate.port,
    gate.framed(
      'POST /held HTTP/1.1',
      ['Transfer-Encoding: chunked', 'Connection: close'],
      `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\nX-Late: 1\r\n\r\n`,
    ),
  )
  expect(first.status).toBe(200)
  const mixed = gate.framed(
    'POST /held HTTP/1.1',
    ['Content-Length: 5', 'Transfer-Encoding: chunked', 'Connection: close'],
    '0\r\n\r\n',
  )
  expect((await sendRaw(gate.port, mixed)).status).toBe(400)
  const empty = gate.framed('POST /held HTTP/1.1', ['Content-Length: 0', 'Connection: close'])
  expect((await sendRaw(gate.port, empty)).status).toBe(200)
  expect(gate.recorder.requests.map(({ target }) => target)).toEqual(['/held', '/held'])
  expect(gate.recorder.requests[0]?.all('content-length')).toEqual([String(smuggled.length)])
})

test('headers without end, and an answer that never ends, are given up', async () => {
  gate.recorder.answer = () => `HTTP/1.1 200 OK\r\n${'X-Long: y\r\n'.repeat(9000)}\r\n`
  expect((await sendRaw(gate.port, gate.signedIn('GET /held'))).status).toBe(502)
})

test('who leaves while an answer is held takes the request along', async () => {
  gate.recorder.answer = () => undefined
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('GET /held'))
  await expect.poll(() => gate.recorder.requests.length).toBe(1)
  client.socket.destroy()
  await expect.poll(() => gate.recorder.open.size).toBe(0)
})
