import { expect, test } from 'vitest'
import { countResponses, openRaw, parseResponse, sendRaw } from '../../support/raw.ts'
import { ok } from '../../support/recorder.ts'
import { useTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'

const gate = useTraffic({
  parts: { upstreamLimits: { connectMs: 500, handshakeMs: 500, quietMs: 500, preflightMs: 500 } },
})

const goOn = 'HTTP/1.1 100 Continue\r\n\r\n'
const upload = (...headers: string[]) => gate.signedIn('PUT /backup', 'Content-Length: 3', ...headers)

test('S13: a body that is announced is asked for when the app is there, late or at once', async () => {
  gate.recorder.answer = () => ok
  const late = await openRaw(gate.port)
  late.write(upload('Expect: 100-continue'))
  await late.until((received) => received === goOn)
  expect(gate.recorder.requests).toEqual([])
  late.write('abc')
  const answer = (await late.closed()).slice(goOn.length)
  expect(parseResponse(answer)).toMatchObject({ status: 200, body: 'ok' })
  // Whoever does not wait is told all the same, once.
  const atOnce = (await sendRaw(gate.port, `${upload('Expect: 100-Continue')}abc`)).bytes
  expect(atOnce.startsWith(goOn)).toBe(true)
  expect(countResponses(atOnce)).toBe(2)
  for (const request of gate.recorder.requests) expect([request.body, request.all('expect')]).toEqual(['abc', []])
})

test('S13: without a body there is nothing to ask for', async () => {
  gate.recorder.answer = () => ok
  for (const line of ['GET /x', 'DELETE /x', 'POST /x']) {
    const answer = await sendRaw(gate.port, gate.signedIn(line, 'Expect: 100-continue'))
    expect([line, answer.status, countResponses(answer.bytes)]).toEqual([line, 200, 1])
  }
})

test('S13: HTTP/1.0 knows no interim answer, and gets none', async () => {
  gate.recorder.answer = () => ok
  const old = (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0')
  const answer = await sendRaw(gate.port, `${old(upload('Expect: 100-continue'))}abc`)
  expect([answer.status, countResponses(answer.bytes), answer.body]).toEqual([200, 1, 'ok'])
  expect(gate.recorder.requests[0]?.body).toBe('abc')
  const refused = await sendRaw(
    gate.port,
    `${old(gate.anonymous('PUT /x', 'Content-Length: 3', 'Expect: 100-continue'))}abc`,
  )
  expect([refused.status, countResponses(refused.bytes)]).toEqual([401, 1])
})

test('S13: an expectation of anything else is refused before the app sees it', async () => {
  for (const value of ['magic', '100-continue, magic', '100-continue;x', '100', '']) {
    const answer = await sendRaw(gate.port, `${upload(`Expect: ${value}`)}abc`)
    expect([value, answer.status]).toEqual([value, 417])
  }
  expect(gate.recorder.bytes()).toBe('')
})

test("S13 S15: the app's own no comes while the body is still on its way, and ends the connection", async () => {
  for (const status of ['413 Content Too Large', '417 Expectation Failed', '401 Unauthorized']) {
    for (const socket of gate.recorder.open) socket.destroy()
    await until(() => gate.recorder.open.size === 0)
    gate.recorder.answer = () => undefined
    const client = await openRaw(gate.port)
    client.write(gate.framed('PUT /backup HTTP/1.1', ['Content-Length: 100000000', 'Expect: 100-continue']))
    await client.until((received) => received === goOn)
    client.write('a'.repeat(1000))
    await until(() => gate.recorder.open.size === 1)
    for (const socket of gate.recorder.open) socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nno`)
    const answer = parseResponse((await client.until((received) => received.endsWith('no'))).slice(goOn.length))
    expect([`${answer.status}`, answer.all('connection')]).toEqual([status.slice(0, 3), ['close']])
    client.socket.destroy()
  }
})

test('S13: nobody is asked for a body that nobody takes: no session, no app, another site', async () => {
  const body = ['Content-Length: 9', 'Expect: 100-continue']
  const cases: [string, number][] = [
    [gate.anonymous('PUT /x', ...body), 401],
    [gate.signedIn('PUT /x', ...body, 'Origin: https://evil.example'), 403],
    [gate.signedIn('PUT http://evil.example/x', ...body), 400],
  ]
  for (const [bytes, status] of cases) {
    const answer = await sendRaw(gate.port, bytes)
    expect([answer.status, countResponses(answer.bytes), answer.all('connection')]).toEqual([status, 1, ['close']])
  }
})

test('S13: an app that is down never has the body sent', async () => {
  await gate.recorder.close()
  const answer = await sendRaw(gate.port, upload('Expect: 100-continue'))
  expect([answer.status, countResponses(answer.bytes)]).toEqual([502, 1])
})
