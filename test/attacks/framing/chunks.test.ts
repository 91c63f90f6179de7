import { expect, test } from 'vitest'
import { countResponses, openRaw, parseResponse, sendRaw } from '../../support/raw.ts'
import { hidden } from '../../support/refused.ts'
import { useTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'

const gate = useTraffic()

const chunked = (body: string) => gate.framed('POST /form HTTP/1.1', ['Transfer-Encoding: chunked'], body)

test('S7: malformed chunks never become a second request', async () => {
  for (const chunk of [
    // the size
    '+1\r\na\r\n',
    '0x1\r\na\r\n',
    '1 \r\na\r\n',
    '1\t\r\na\r\n',
    ' 1\r\na\r\n',
    '1_0\r\na\r\n',
    '-1\r\na\r\n',
    'g\r\na\r\n',
    '\r\na\r\n',
    '11111111111111111\r\na\r\n',
    'ffffffffffffffff1\r\na\r\n',
    // more bytes than it says, or fewer
    '1\r\nabc\r\n',
    '3\r\nabc',
    '3\r\nabcX\r\n',
    // line ends
    '1\nA\r\n',
    '1\r\na\n',
    '1\r\r\na\r\n',
    '1;x\ny\r\na\r\n',
    '1;\r\na\r\n',
  ]) {
    gate.recorder.clear()
    const answer = await sendRaw(gate.port, chunked(`${chunk}0\r\n\r\n${hidden}`))
    expect([chunk, answer.status === 400 || answer.bytes === '']).toEqual([chunk, true])
    expect(countResponses(answer.bytes)).toBeLessThanOrEqual(1)
    expect([chunk, gate.recorder.requests]).toEqual([chunk, []])
    expect(gate.recorder.bytes()).not.toContain('hidden')
  }
})

test('S7: a chunk extension is cut off when it is long, and goes nowhere when it is short', async () => {
  expect((await sendRaw(gate.port, chunked(`1;x=${'y'.repeat(65_536)}\r\nz\r\n0\r\n\r\n${hidden}`))).bytes).toBe('')
  expect(gate.recorder.requests).toEqual([])
  const many = `1;x=${'y'.repeat(100)}\r\nz\r\n`.repeat(1000)
  const client = await openRaw(gate.port)
  client.write(chunked(`${many}0\r\n\r\n`))
  expect(parseResponse(await client.until((received) => received.endsWith('ok'))).status).toBe(200)
  client.socket.destroy()
  expect(gate.recorder.bytes()).not.toContain('yyy')
  // Without an end: whoever sends for ever is cut off, session or not.
  for (const head of [
    chunked(''),
    'POST / HTTP/1.1\r\nHost: movies.home.example\r\nTransfer-Encoding: chunked\r\n\r\n',
  ]) {
    const client = await openRaw(gate.port)
    client.write(`${head}1;x=`)
    let sent = 0
    while (!client.socket.destroyed && sent < 10_000_000) {
      const chunk = Buffer.alloc(4096, 'y')
      sent += chunk.length
      await new Promise<void>((resolve) => client.socket.write(chunk, () => setImmediate(resolve)))
    }
    expect(sent).toBeLessThan(10_000_000)
  }
  await until(() => !gate.live.isOpen('movies-key'))
})

test('S7: two hundred thousand chunks of one byte arrive whole, and cost little memory', {
  timeout: 120_000,
}, async () => {
  const client = await openRaw(gate.port)
  const before = process.memoryUsage().rss
  client.write(gate.framed('POST /form HTTP/1.1', ['Transfer-Encoding: chunked', 'Connection: close']))
  for (let sent = 0; sent < 200_000; sent += 10_000) {
    await new Promise((resolve) => client.socket.write('1\r\nz\r\n'.repeat(10_000), resolve))
  }
  client.write('0\r\n\r\n')
  expect(parseResponse(await client.closed()).status).toBe(200)
  const bytes = gate.recorder.requests[0]?.body.replaceAll(/[0-9a-f]+\r\n|\r\n/g, '').length
  expect(bytes).toBe(200_000)
  // The recorder keeps all of it, the gateway nothing.
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
})
