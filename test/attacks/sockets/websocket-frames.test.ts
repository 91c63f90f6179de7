import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { oddTargets, plainTargets } from '../../support/odd-targets.ts'
import type { RawConnection } from '../../support/raw.ts'
import { sendRaw } from '../../support/raw.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'
import { agreed, echo, handshakeText, openWebSocket } from '../../support/web-socket.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

/** A frame (RFC 6455 §5.2) as a client sends it, under a mask of zeros. */
function frame(first: number, payload: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(payload)
  const long = bytes.length > 65_535
  const head = Buffer.alloc(bytes.length < 126 ? 6 : long ? 14 : 8)
  head[0] = first
  head[1] = 0x80 | (bytes.length < 126 ? bytes.length : long ? 127 : 126)
  if (long) head.writeBigUInt64BE(BigInt(bytes.length), 2)
  else if (bytes.length > 125) head.writeUInt16BE(bytes.length, 2)
  return Buffer.concat([head, bytes])
}

/** The next `length` bytes that come on a connection. */
function readOn(client: RawConnection, length: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let left = length
  return new Promise((resolve) => {
    client.socket.on('data', function take(chunk: Buffer) {
      chunks.push(chunk)
      left -= chunk.length
      if (left > 0) return
      client.socket.off('data', take)
      resolve(Buffer.concat(chunks))
    })
  })
}

/** Sends bytes to an app that sends them back, and wants the very same. */
async function echoes(client: RawConnection, bytes: Buffer): Promise<boolean> {
  const back = readOn(client, bytes.length)
  client.socket.write(bytes)
  return (await back).equals(bytes)
}

const TEXT = 0x81
const MORE = 0x00
const bomb = deflateRawSync(Buffer.alloc(200_000_000))

const hostile: [string, () => Buffer][] = [
  ['a million continuations of nothing', () => Buffer.alloc(6_000_000, frame(MORE))],
  [
    'a message in fragments of one byte, without end',
    () => Buffer.concat([frame(0x01, 'a'), Buffer.alloc(700_000, frame(MORE, 'b'))]),
  ],
  ['a flood of pings', () => Buffer.alloc(600_000, frame(0x89))],
  ['a flood of pongs that nobody asked for', () => Buffer.alloc(600_000, frame(0x8a))],
  ['a control frame that is too long', () => frame(0x89, 'x'.repeat(70_000))],
  ['a control frame in fragments', () => Buffer.concat([frame(0x09, 'a'), frame(0x80, 'b')])],
  ['a compressed message of 200 MB', () => frame(0xc2, bomb)],
  ['frames without a mask', () => Buffer.from([TEXT, 2, 0x68, 0x69, 0x82, 0])],
  ['text that is no UTF-8', () => frame(TEXT, Buffer.from([0xc0, 0xae, 0xff, 0xed, 0xa0, 0x80]))],
  ['reserved bits and opcodes', () => Buffer.concat([frame(0xf3, 'a'), frame(0xbf, 'b'), frame(0x87)])],
  ['a new message within another', () => Buffer.concat([frame(0x01, 'a'), frame(0x01, 'b'), frame(0x82, 'c')])],
  ['bytes that are no frames', () => randomBytes(500_000)],
  ['HTTP', () => Buffer.from('GET /hidden HTTP/1.1\r\nHost: movies.home.example\r\n\r\n')],
]

test('W4: frames that are hostile pass as they are, in little memory, and other sockets go on', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const other = await openWebSocket(gate)
  for (const [name, make] of hostile) {
    const client = await openWebSocket(gate)
    const bytes = make()
    const before = process.memoryUsage().rss
    const [same, others] = await Promise.all([echoes(client, bytes), echoes(other, frame(TEXT, 'still here'))])
    expect([name, same, others]).toEqual([name, true, true])
    expect([name, process.memoryUsage().rss - before < 150_000_000]).toEqual([name, true])
    client.socket.destroy()
  }
  expect(gate.recorder.requests.every(({ target }) => target === '/socket')).toBe(true)
  other.socket.destroy()
})

test('W4: a frame that says it is endless ends with its session', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const clients = [await openWebSocket(gate), await openWebSocket(gate)]
  for (const [index, length] of [0x7fff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn].entries()) {
    const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    head.writeBigUInt64BE(length, 2)
    const client = clients[index] as RawConnection
    expect(await echoes(client, Buffer.concat([head, Buffer.alloc(100_000)]))).toBe(true)
  }
  expect(gate.live.close('movies-key')).toBe(2)
  await Promise.all(clients.map((client) => client.closed()))
  await until(() => gate.recorder.open.size === 0)
})

test('W10: 16 MB, subprotocols, compression and close codes pass between two real ends', async () => {
  const app = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: { threshold: 0 },
    handleProtocols: (offered) => [...offered].at(-1) ?? false,
  })
  await once(app, 'listening')
  gate = await startTraffic({ app: { upstream: new URL(`http://127.0.0.1:${(app.address() as AddressInfo).port}`) } })
  const url = `ws://127.0.0.1:${gate.port}/socket?x=1`
  const headers = { host: 'movies.home.example', cookie: gate.cookie }
  const payload = Buffer.concat([randomBytes(8_000_000), Buffer.alloc(8_000_000, 'a')])
  for (const perMessageDeflate of [false, true]) {
    const arrived = once(app, 'connection')
    const client = new WebSocket(url, ['chat', 'superchat'], { headers, perMessageDeflate })
    const [server] = (await arrived) as [WebSocket]
    await once(client, 'open')
    expect([client.protocol, client.extensions !== '']).toEqual(['superchat', perMessageDeflate])
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      const received = once(to, 'message')
      from.send(payload)
      const [data, isBinary] = (await received) as [Buffer, boolean]
      expect([isBinary, data.equals(payload)]).toEqual([true, true])
      const ponged = once(from, 'pong')
      from.ping('are you there')
      expect(String((await ponged)[0])).toBe('are you there')
    }
    client.terminate()
  }
  for (const [closer, code] of [
    ['client', 1000],
    ['client', 4999],
    ['server', 1000],
    ['server', 1011],
    ['server', 3000],
    ['server', 4001],
  ] as const) {
    const arrived = once(app, 'connection')
    const client = new WebSocket(url, { headers })
    const [server] = (await arrived) as [WebSocket]
    await once(client, 'open')
    const [from, to] = closer === 'client' ? [client, server] : [server, client]
    const closed = once(to, 'close')
    from.close(code, 'so long')
    const [got, reason] = await closed
    expect([closer, got, String(reason)]).toEqual([closer, code, 'so long'])
  }
  app.close()
})

test('W11: a path gets the same verdict with a handshake as without', async () => {
  gate = await startTraffic()
  gate.recorder.answer = (_request, socket) => void socket.end(`${agreed}\r\n`)
  const status = async (target: string, cookie: string | null = gate.cookie) =>
    (await sendRaw(gate.port, handshakeText(gate, { line: `GET ${target} HTTP/1.1`, cookie }))).status
  for (const target of Object.values(oddTargets).flat()) {
    expect([target, await status(target)]).toEqual([target, 400])
    expect([target, await status(target, null)]).toEqual([target, 400])
  }
  expect(gate.recorder.connections()).toBe(0)
  for (const target of plainTargets) {
    expect([target, await status(target)]).toEqual([target, 101])
    expect([target, await status(target, null)]).toEqual([target, 401])
  }
  expect(gate.recorder.requests.map(({ target }) => target)).toEqual(plainTargets)
})
