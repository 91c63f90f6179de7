import { expect, test } from 'vitest'
import { openRaw, parseResponse, sendRaw } from '../../support/raw.ts'
import { expectRefused, hidden } from '../../support/refused.ts'
import { useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic()

const refused = (bytes: string, ...statuses: number[]) => expectRefused(gate, bytes, statuses)

test('S11: only HTTP/1.1 and HTTP/1.0 are spoken', async () => {
  for (const line of [
    'GET /x',
    'GET / HTTP/1.2',
    'GET / HTTP/2.0',
    'GET / HTTP/1.1x',
    'GET / HTTP/0.9',
    'PRI * HTTP/2.0',
  ]) {
    await refused(gate.framed(line, []), 400, 505)
  }
  await refused('GET /x\r\n\r\n', 400, 505)
  await refused('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 505)
})

test('S13: Expect is answered without a fault', async () => {
  const client = await openRaw(gate.port)
  client.write(gate.framed('POST /slow HTTP/1.1', ['Content-Length: 3', 'Expect: 100-continue', 'Connection: close']))
  await client.until((received) => received.startsWith('HTTP/1.1 100 Continue\r\n\r\n'))
  client.write('abc')
  expect(parseResponse((await client.closed()).replace('HTTP/1.1 100 Continue\r\n\r\n', '')).status).toBe(200)
  expect(gate.recorder.requests[0]?.body).toBe('abc')
  expect(gate.recorder.requests[0]?.all('expect')).toEqual([])
  // Without a session nobody asks for the body.
  const anonymous = await sendRaw(
    gate.port,
    'POST / HTTP/1.1\r\nHost: movies.home.example\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n',
  )
  expect(anonymous.status).toBe(401)
  const door = await sendRaw(
    gate.port,
    'POST /d HTTP/1.1\r\nHost: door.home.example\r\nContent-Length: 0\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
  )
  expect(door.bytes).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  await refused(gate.framed('GET / HTTP/1.1', ['Expect: magic', 'Connection: close']), 417)
})

test('S14: upgrades other than WebSocket are ordinary requests', async () => {
  for (const headers of [
    ['Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings, close', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
    ['Upgrade: websocket, h2c', 'Connection: Upgrade, close'],
    ['Upgrade: magic', 'Connection: upgrade, close'],
    ['Upgrade: websocket', 'Connection: close'],
    ['Connection: Upgrade, close'],
  ]) {
    gate.recorder.clear()
    const answer = await sendRaw(gate.port, gate.framed('GET /x HTTP/1.1', headers))
    expect(answer.status, headers[0]).toBe(200)
    expect(gate.recorder.requests[0]?.head).not.toMatch(/upgrade|http2/i)
  }
  gate.recorder.clear()
  for (const [framing, body] of [
    ['Content-Length: 3', 'abc'],
    ['Transfer-Encoding: chunked', '3\r\nabc\r\n0\r\n\r\n'],
  ] as const) {
    gate.recorder.clear()
    const posted = gate.framed('POST /x HTTP/1.1', ['Upgrade: h2c', 'Connection: Upgrade', framing], body)
    expect((await sendRaw(gate.port, posted)).status).toBe(200)
    expect(gate.recorder.requests).toMatchObject([{ target: '/x', body }])
  }
})

test('S19: CONNECT, TRACE and TRACK go nowhere', async () => {
  await refused(gate.framed('TRACE / HTTP/1.1', ['Connection: close']), 405)
  await refused(gate.framed('TRACK / HTTP/1.1', []), 400, 405)
  await refused(gate.framed('CONNECT / HTTP/1.1', []), 405, 400)
  await refused(gate.framed('CONNECT evil.example:443 HTTP/1.1', ['Transfer-Encoding: chunked']), 405)
  await refused(gate.framed('CONNECT evil.example:443 HTTP/1.1', ['Content-Length: 3'], `abc${hidden}`), 405)
})
