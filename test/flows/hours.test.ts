import { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/lib/clock.ts'
import type { FakeClock } from '../support/clock.ts'
import { createFakeClock } from '../support/clock.ts'
import type { RawConnection } from '../support/raw.ts'
import { openRaw, parseResponse } from '../support/raw.ts'
import { ok } from '../support/recorder.ts'
import type { TrafficHarness } from '../support/traffic-harness.ts'
import { startTraffic } from '../support/traffic-harness.ts'
import { until } from '../support/turns.ts'

let clock: FakeClock
let gate: TrafficHarness
beforeEach(async () => {
  clock = createFakeClock()
  gate = await startTraffic({ clock, app: { cors: ['https://friend.example'] } })
  gate.recorder.answer = () => undefined
})
afterEach(() => gate.close())

/** Sends a request and waits until the app has it. */
async function ask(bytes: string, seen: string): Promise<RawConnection> {
  const client = await openRaw(gate.port)
  client.write(bytes)
  await until(() => gate.recorder.bytes().includes(seen))
  return client
}

function appSays(bytes: string): void {
  for (const socket of gate.recorder.open) socket.write(bytes)
}

async function answered(client: RawConnection): Promise<string> {
  const { status, body } = parseResponse(await client.closed())
  return `${status} ${body}`
}

test('an upload that trickles for six hours arrives whole, and so does its answer an hour later', async () => {
  const client = await ask(`${gate.signedIn('PUT /backup', 'Content-Length: 361')}a`, '\r\n\r\na')
  for (let minute = 0; minute < 6 * 60; minute++) {
    await clock.advance(MINUTE)
    client.write('a')
  }
  await until(() => gate.recorder.requests.length === 1)
  expect(gate.recorder.requests[0]?.body).toBe('a'.repeat(361))
  await clock.advance(HOUR)
  appSays(ok)
  expect(await answered(client)).toBe('200 ok')
})

test('a long poll is answered after an hour, and another after almost two', async () => {
  for (const wait of [HOUR, 2 * HOUR - 2 * MINUTE]) {
    const client = await ask(gate.signedIn(`GET /poll-${wait}`), `/poll-${wait}`)
    await clock.advance(wait)
    appSays(ok)
    expect(await answered(client)).toBe('200 ok')
  }
})

test('an event stream and a film may be silent for days', async () => {
  const events = await ask(gate.signedIn('GET /events'), '/events')
  appSays('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none')
  await events.until((received) => received.endsWith('one'))
  await clock.advance(2 * DAY)
  appSays('two')
  expect(await answered(events)).toBe('200 onetwo')
})

test('an app that says that it is still at work is waited for', async () => {
  const client = await ask(gate.signedIn('COPY /library', 'Destination: /copy'), '/library')
  for (let hour = 0; hour < 12; hour++) {
    await clock.advance(HOUR)
    appSays('HTTP/1.1 102 Processing\r\n\r\n')
  }
  await clock.advance(HOUR)
  appSays(ok)
  expect(await answered(client)).toBe('200 ok')
})

test('an app that hangs is given up after two hours, and told so', async () => {
  const client = await ask(gate.signedIn('GET /hung'), '/hung')
  await clock.advance(2 * HOUR + MINUTE)
  expect(await answered(client)).toBe('504 The app takes too long\n')
  await until(() => gate.recorder.open.size === 0)
  expect(gate.notices).toContainEqual({ event: 'upstream_failed', app: 'movies', code: 'NOTHING_MOVES' })
  expect(gate.live.isOpen('movies-key')).toBe(false)
})

test('an upload that has stopped is given up after two hours, and the app is told', async () => {
  const client = await ask(`${gate.signedIn('PUT /backup', 'Content-Length: 361')}a`, '\r\n\r\na')
  await clock.advance(HOUR)
  client.write('a')
  await clock.advance(2 * HOUR - 2 * MINUTE)
  expect(client.received()).toBe('')
  await clock.advance(5 * MINUTE)
  expect(await answered(client)).toBe('408 The upload has stopped\n')
  await until(() => gate.recorder.open.size === 0)
})

test('D1: a preflight, which anybody can send, holds a silent app for a minute', async () => {
  const client = await ask(
    gate.anonymous('OPTIONS /', 'Origin: https://friend.example', 'Access-Control-Request-Method: PUT'),
    'OPTIONS',
  )
  await clock.advance(2 * MINUTE)
  expect(await answered(client)).toBe('504 The app takes too long\n')
  await until(() => gate.recorder.open.size === 0)
})

test('whoever vanishes without a word is noticed by TCP, which asks clients and apps for two minutes', async () => {
  const asked = vi.spyOn(Socket.prototype, 'setKeepAlive')
  const client = await ask(gate.signedIn('GET /x'), '/x')
  const [app] = gate.recorder.open
  const ports = asked.mock.contexts.map((socket) => (socket as Socket).remotePort)
  expect(ports.sort()).toEqual([client.socket.localPort, app?.localPort].sort())
  for (const options of asked.mock.calls) expect(options).toEqual([true, MINUTE, 15 * SECOND, 8])
  asked.mockRestore()
  client.socket.destroy()
})
