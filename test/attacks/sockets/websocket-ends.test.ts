import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { closeFrame } from '../../../src/traffic/forwarding/frames.ts'
import { createFakeClock } from '../../support/clock.ts'
import { openRaw } from '../../support/raw.ts'
import type { Recorded } from '../../support/recorder.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'
import { until } from '../../support/turns.ts'
import { agreed, echo, handshakeText, openWebSocket } from '../../support/web-socket.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

/** As an app sends it: a text of five letters. */
const appFrame = Buffer.from('\x81\x05hello', 'latin1')

test('W7: ending a session cuts its WebSockets, also while the app makes up its mind', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const sockets = [await openWebSocket(gate), await openWebSocket(gate)]
  const heads = sockets.map((client) => client.received().length)
  // The second one stands inside a frame of the app's, where no word of ours may go.
  sockets[1]?.write(appFrame.subarray(0, 3))
  await sockets[1]?.until((received) => received.length === (heads[1] as number) + 3)
  gate.recorder.answer = () => undefined
  const undecided = await openRaw(gate.port)
  const asked = new Promise<void>((resolve) => {
    gate.recorder.answer = () => void resolve()
  })
  undecided.write(handshakeText(gate))
  await asked
  const begun = performance.now()
  expect(gate.live.close('movies-key')).toBe(3)
  await Promise.all([...sockets, undecided].map((client) => client.closed()))
  expect(performance.now() - begun).toBeLessThan(1000)
  expect(gate.live.isOpen('movies-key')).toBe(false)
  await until(() => gate.recorder.open.size === 0)
  const said = sockets.map((client, index) => client.received().slice(heads[index]))
  expect(said).toEqual([closeFrame(1008).toString('latin1'), appFrame.toString('latin1', 0, 3)])
})

test('W7: once its session is over, nothing that a WebSocket sends reaches the app, and nothing of the app the client', async () => {
  gate = await startTraffic()
  let app: Socket | undefined
  gate.recorder.answer = (_request, socket) => {
    app = socket
    return `${agreed}\r\n`
  }
  const client = await openWebSocket(gate)
  const [sent, head] = [gate.recorder.bytes().length, client.received().length]
  // At once: all three are on their way when the session ends.
  client.write('from the client')
  app?.write('from the app')
  expect(gate.live.close('movies-key')).toBe(1)
  client.write('and more')
  await client.closed()
  await until(() => gate.recorder.open.size === 0)
  expect(gate.recorder.bytes().length).toBe(sent)
  expect(client.received().slice(head)).toBe(closeFrame(1008).toString('latin1'))
})

test('a client that leaves while the app makes up its mind takes the handshake with it', async () => {
  gate = await startTraffic()
  const asked = Promise.withResolvers<void>()
  gate.recorder.answer = () => void asked.resolve()
  const client = await openRaw(gate.port)
  client.write(handshakeText(gate))
  await asked.promise
  client.socket.end()
  await client.closed()
  await until(() => gate.recorder.open.size === 0)
  expect(gate.live.isOpen('movies-key')).toBe(false)
})

test('a gateway that leaves closes WebSockets with 1012, between two frames of the app', async () => {
  gate = await startTraffic()
  let heard = ''
  gate.recorder.answer = (request, socket) => {
    const agreement = echo(request, socket)
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')))
    return agreement
  }
  const [idle, busy, undecided] = [await openWebSocket(gate), await openWebSocket(gate), await openRaw(gate.port)]
  const [before, after] = [idle.received().length, busy.received().length]
  busy.write(appFrame.subarray(0, 3))
  await busy.until((received) => received.length === after + 3)
  const asked = Promise.withResolvers<Socket>()
  const { answer: agree } = gate.recorder
  gate.recorder.answer = (_request, socket) => void asked.resolve(socket)
  undecided.write(handshakeText(gate))
  const undecidedApp = await asked.promise
  gate.traffic.dismiss()
  undecidedApp.write(agree(gate.recorder.requests.at(-1) as Recorded, undecidedApp) as string)
  // The rest of the app's frame, and the beginning of one more, which comes too late.
  busy.write(Buffer.concat([appFrame.subarray(3), appFrame.subarray(0, 2)]))
  const end = closeFrame(1012).toString('latin1')
  await idle.until((received) => received.slice(before) === end)
  await busy.until((received) => received.slice(after) === appFrame.toString('latin1') + end)
  await undecided.until((received) => received.endsWith(`\r\n\r\n${end}`))
  // The client's answer to our Close is the app's Close.
  const closing = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xf4]).toString('latin1')
  for (const client of [idle, busy, undecided]) {
    client.write(closing)
    client.socket.end()
  }
  await Promise.all([idle, busy, undecided].map((client) => client.closed()))
  await until(() => gate.recorder.open.size === 0)
  expect(heard.split(closing)).toHaveLength(4)
})

test('behind the Close of a gateway that leaves nothing comes, whatever the app goes on to send', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const client = await openWebSocket(gate)
  const before = client.received().length
  client.write(appFrame.subarray(0, 3))
  await client.until((received) => received.length === before + 3)
  gate.traffic.dismiss()
  client.write(appFrame.subarray(3))
  const said = appFrame.toString('latin1') + closeFrame(1012).toString('latin1')
  await client.until((received) => received.slice(before) === said)
  client.write(Buffer.concat([appFrame, appFrame]))
  await client.closed()
  expect(client.received().slice(before)).toBe(said)
})

test('a frame that does not end, or a client that does not close, is cut a second after the gateway began to leave', async () => {
  const clock = createFakeClock()
  gate = await startTraffic({ clock })
  gate.recorder.answer = echo
  const [endless, mute] = [await openWebSocket(gate), await openWebSocket(gate)]
  const head = endless.received().length
  endless.write(appFrame.subarray(0, 3))
  await endless.until((received) => received.length === head + 3)
  gate.traffic.dismiss()
  await mute.until((received) => received.endsWith(closeFrame(1012).toString('latin1')))
  expect([endless, mute].map(({ socket }) => socket.destroyed)).toEqual([false, false])
  await clock.advance(1000)
  await Promise.all([endless, mute].map((client) => client.closed()))
  await until(() => gate.recorder.open.size === 0)
  expect(endless.received().slice(head)).toBe(appFrame.toString('latin1', 0, 3))
})

test('an app that has said its own Close hears no second one', async () => {
  gate = await startTraffic()
  gate.recorder.answer = echo
  const client = await openWebSocket(gate)
  const head = client.received().length
  client.write(closeFrame(1000))
  await client.until((received) => received.length === head + 4)
  gate.traffic.dismiss()
  client.socket.end()
  await client.closed()
  expect(client.received().slice(head)).toBe(closeFrame(1000).toString('latin1'))
})
