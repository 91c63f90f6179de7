import { afterEach, expect, test } from 'vitest'
import { nameList } from '../../../src/traffic/forwarding/name-list.ts'
import {
  appFields,
  preflightFields,
  socketFields,
  standardFields,
} from '../../../src/traffic/forwarding/request-fields.ts'
import { openRaw, sendRaw } from '../../support/raw.ts'
import { seeded } from '../../support/seeded.ts'
import { forwardingNames, identityNames, spellings } from '../../support/spoofed-names.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { agreed, handshakeText } from '../../support/web-socket.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

const ours = ['host', 'connection', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port']
const listed = [...ours, 'cookie', ...preflightFields, ...standardFields, ...appFields]
const isListed = nameList([...listed, 'content-length', 'transfer-encoding'])
const isListedOnSockets = nameList([...listed, 'upgrade', ...socketFields])
/** Identity in any spelling, among names that are not ours. */
const sounds = /user(?!-agent)|remote|forwarded|real|email|group|host|proxy|[_.]/

// biome-ignore format: words by the line
const words = [
  'x', 'user', 'auth', 'remote', 'forwarded', 'host', 'real', 'ip', 'token', 'proxy', 'id', 'email', 'group', 'accept',
  'sec', 'custom', 'http',
]
// biome-ignore format: names by the line
const wanted = [
  'Accept', 'Accept-Language', 'User-Agent', 'X-Requested-With', 'If-None-Match', 'Range', 'X-Emby-Token', 'DNT',
  'HX-Request',
]

/** Header lines with names that nobody can foresee, and one that should pass. */
function inventor(seed: number): () => string[] {
  const random = seeded(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const pick = (list: readonly string[]) => list[below(list.length)] as string
  return () => {
    const invented = Array.from({ length: 12 }, () => {
      if (below(4) === 0) return pick(spellings(pick([...identityNames, ...forwardingNames])))
      const parts = Array.from({ length: 1 + below(3) }, () => pick(words))
      const name = parts.join(pick(['-', '_', '.', '--', '']))
      return below(2) === 0 ? name : name.toUpperCase()
    }).filter((name) => !['host', 'accept'].includes(name.toLowerCase()))
    return [...invented, pick(wanted)].map((name) => `${name}: invented`)
  }
}

function expectListed(isKnown: (name: string) => boolean): void {
  for (const { fields } of gate.recorder.requests) {
    const names = fields.map(([name]) => name.toLowerCase())
    expect(names.filter((name) => !isKnown(name))).toEqual([])
    expect(names.filter((name) => !ours.includes(name) && sounds.test(name))).toEqual([])
  }
}

test('promise 2: nothing unlisted goes upstream', { timeout: 60_000 }, async () => {
  gate = await startTraffic()
  const invent = inventor(7)
  for (let connection = 0; connection < 40; connection++) {
    const client = await openRaw(gate.port)
    for (let answered = 0; answered < 100; answered += 10) {
      gate.recorder.clear()
      client.write(Array.from({ length: 10 }, () => gate.framed('GET /x HTTP/1.1', invent())).join(''))
      await client.until((all) => all.match(/HTTP\/1\.1 200 OK/g)?.length === answered + 10)
      expect(gate.recorder.requests.length).toBe(10)
      expectListed(isListed)
    }
    client.socket.destroy()
  }
  const dropped = gate.notices.filter(({ event }) => event === 'request_header_dropped')
  expect(dropped[0]?.['remedy']).toMatch(/^apps\.movies\.request_headers: \[.+\]$/)
  expect(dropped.length).toBeLessThanOrEqual(100)
})

test('H18: long invented names, which anybody may send with a preflight, do not get into the log', async () => {
  gate = await startTraffic({ app: { cors: ['*'] } })
  const preflight = ['Origin: https://evil.example', 'Access-Control-Request-Method: GET']
  await sendRaw(gate.port, gate.anonymous('OPTIONS /', ...preflight, `${'x-'.repeat(10_000)}y: 1`, 'x-odd: 1'))
  expect(gate.recorder.requests).toHaveLength(1)
  expect(gate.notices.flatMap(({ header }) => header ?? [])).toEqual(['x-odd'])
})

test('promise 2: nor with a WebSocket handshake', async () => {
  gate = await startTraffic()
  const invent = inventor(11)
  gate.recorder.answer = (_request, socket) => void socket.end(`${agreed}\r\n`)
  for (let round = 0; round < 500; round++) {
    const headers = invent()
    expect((await sendRaw(gate.port, handshakeText(gate, { headers }))).status).toBe(101)
  }
  for (const name of [...identityNames, ...forwardingNames]) {
    const headers = spellings(name).map((spelling) => `${spelling}: invented`)
    expect((await sendRaw(gate.port, handshakeText(gate, { headers }))).status).toBe(101)
  }
  expect(gate.recorder.requests.length).toBe(500 + identityNames.length + forwardingNames.length)
  expectListed(isListedOnSockets)
})

test('promise 2: nor in trailers', async () => {
  gate = await startTraffic()
  const invent = inventor(13)
  const send = (trailers: string[]) =>
    sendRaw(
      gate.port,
      gate.framed(
        'POST /form HTTP/1.1',
        ['Transfer-Encoding: chunked', 'Connection: close', 'Trailer: X-Wanted', 'TE: trailers'],
        `3\r\nabc\r\n0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`,
      ),
    )
  for (let round = 0; round < 200; round++) expect((await send(invent())).status).toBe(200)
  for (const name of [...identityNames, ...forwardingNames])
    expect((await send(spellings(name).map((spelling) => `${spelling}: invented`))).status).toBe(200)
  expect(gate.recorder.requests.length).toBe(200 + identityNames.length + forwardingNames.length)
  expectListed(isListed)
  expect(gate.recorder.bytes()).not.toMatch(/invented|trailer/i)
})
