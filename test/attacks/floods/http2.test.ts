import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeCertificate } from '../../support/certificate.ts'
import { block, FLAG, FRAME, fieldsFor, frame, head, openHttp2, outcome, u32 } from '../../support/http2-raw.ts'
import { ok } from '../../support/recorder.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { turns, until, untilQuiet } from '../../support/turns.ts'

let gate: TrafficHarness
beforeAll(async () => {
  gate = await startTraffic({ tls: await makeCertificate(['movies.home.example']), http2: true })
})
beforeEach(() => {
  gate.recorder.clear()
  gate.recorder.answer = () => ok
})
afterAll(() => gate.close())

const signedIn = (changes?: Record<string, string>) => fieldsFor('movies.home.example', gate.cookie, changes)
const replaced = (name: string, value: string) => signedIn({ [name]: value })

/** A person's request on a connection of its own still gets its answer. */
async function othersAreServed(): Promise<void> {
  const other = await openHttp2(gate.port)
  other.write(head(1, signedIn()))
  expect(await outcome(other)).toBe('answered')
}

/** Floods until the connection is gone; how many frames it took, and what the process grew by. */
async function flood(make: (turn: number) => Buffer[], most = 20_000): Promise<number> {
  const client = await openHttp2(gate.port)
  let sentFrames = 0
  for (let turn = 0; turn < most && !client.socket.destroyed; turn++) {
    const frames = make(turn)
    sentFrames += frames.length
    client.write(...frames)
    if (turn % 50 === 49) await turns(1)
  }
  await othersAreServed()
  client.socket.destroy()
  return sentFrames
}

type Flood = [name: string, make: (turn: number) => Buffer[]]

const costly: Flood[] = [
  [
    'CVE-2023-44487: streams that are opened and reset',
    (turn) => [head(2 * turn + 1, signedIn()), frame(FRAME.reset, 0, 2 * turn + 1, u32(8))],
  ],
  [
    'CVE-2019-9514: broken requests that make us reset',
    (turn) => [head(2 * turn + 1, [...signedIn(), ['connection', 'x']])],
  ],
  [
    'CVE-2024-27983: a head in continuations without end',
    (turn) => [
      turn === 0 ? head(1, signedIn(), 0) : frame(FRAME.continuation, 0, 1, block([`x-${turn}`, 'a'.repeat(100)])),
    ],
  ],
  [
    'CVE-2019-9518: empty pieces of a body',
    (turn) => [turn === 0 ? head(1, replaced(':method', 'POST'), FLAG.endHeaders) : frame(FRAME.data, 0, 1)],
  ],
]

test.each(costly)('HTTP/2: %s cost their sender the connection, and nobody else anything', async (_, make) => {
  expect(await flood(make)).toBeLessThan(20_000)
})

const window = Buffer.concat([Buffer.from([0, 4]), u32(65_535)])
const cheap: Flood[] = [
  ['CVE-2019-9512: pings', () => [frame(FRAME.ping, 0, 0, Buffer.alloc(8))]],
  ['CVE-2019-9515: settings', () => [frame(FRAME.settings, 0, 0, window)]],
  ['CVE-2019-9513: priorities', (turn) => [frame(FRAME.priority, 0, 2 * turn + 1, Buffer.from([0, 0, 0, 0, 9]))]],
]

test.each(cheap)('HTTP/2: %s by the ten thousand keep nobody else waiting, and no memory', async (_, make) => {
  const before = process.memoryUsage().rss
  await flood(make)
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
})

test('HTTP/2: answers that nobody reads (CVE-2019-9511, CVE-2019-9517) hold the app back', async () => {
  let written = 0
  gate.recorder.answer = ({ target }, socket) => {
    if (target === '/x') return ok
    const piece = Buffer.alloc(65_536)
    const pump = () => {
      while (!socket.destroyed && socket.write(piece)) written += piece.length
    }
    socket.on('drain', pump)
    setImmediate(pump)
    return 'HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n'
  }
  const client = await openHttp2(gate.port)
  // A window of one byte for each stream.
  client.write(frame(FRAME.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), u32(1)])))
  for (let id = 1; id < 40; id += 2) client.write(head(id, replaced(':path', '/film')))
  await until(() => gate.recorder.requests.length === 20)
  await untilQuiet(() => written)
  expect(written).toBeLessThan(20 * 10_000_000)
  await othersAreServed()
  client.socket.destroy()
  await until(() => gate.recorder.open.size <= 1)
})

test('HTTP/2: no more than a hundred streams are open at once', async () => {
  gate.recorder.answer = ({ target }) => (target === '/x' ? ok : undefined)
  const client = await openHttp2(gate.port)
  for (let id = 1; id <= 401; id += 2) client.write(head(id, replaced(':path', '/poll')))
  await client.until(({ type, stream }) => type === FRAME.reset && stream >= 201)
  await until(() => gate.recorder.requests.length === 100)
  client.socket.destroy()
  await until(() => gate.recorder.open.size === 0)
})

test('HTTP/2: a bomb of fields (CVE-2016-1544) is not taken in', async () => {
  // One long field, put into the table once (RFC 7541 §6.2.1) and named by one byte ever after.
  const stored = Buffer.concat([Buffer.from([0x40]), block(['if-match', 'a'.repeat(3900)]).subarray(1)])
  const bomb = Buffer.concat([block(...signedIn()), stored, Buffer.alloc(10_000, 0x80 | 62)])
  const client = await openHttp2(gate.port)
  client.write(frame(FRAME.headers, FLAG.endStream | FLAG.endHeaders, 1, bomb))
  expect(await outcome(client)).toMatch(/^(reset|gone)/)
  await othersAreServed()
})
