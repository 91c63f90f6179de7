import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Rule, Seen } from '../../../src/recipes/recipe.ts'
import { createFakeClock } from '../../support/clock.ts'
import { littleRecipe } from '../../support/little-recipe.ts'
import { openRaw, sendRaw } from '../../support/raw.ts'
import { startTraffic, type TrafficHarness } from '../../support/traffic-harness.ts'

let gate: TrafficHarness
afterEach(() => gate.close())

async function start(rules: Readonly<Record<string, Rule>>) {
  const little = littleRecipe({ rules })
  gate = await startTraffic({ parts: { gates: new Map([['movies', little.gate]]) } })
}

test('a recipe answers in place of the app, with our own headers on top', async () => {
  await start({
    'POST /token': {
      readsBody: true,
      answer: async (_asked, body) => ({ status: 400, type: 'application/json', body: `{"got":${body.length}}` }),
    },
  })
  const answer = await sendRaw(
    gate.port,
    gate.framed('POST /token HTTP/1.1', ['Content-Length: 5', 'Connection: close'], 'hello'),
  )
  expect([answer.status, answer.body]).toEqual([400, '{"got":5}'])
  expect(answer.all('cache-control')).toEqual(['no-store'])
  expect(gate.recorder.connections()).toBe(0)
})

test('what a recipe does not answer goes on with the very body that was read', async () => {
  await start({ 'POST /token': { readsBody: true, answer: async () => undefined } })
  const answer = await sendRaw(
    gate.port,
    gate.framed(
      'POST /token HTTP/1.1',
      ['Transfer-Encoding: chunked', 'Connection: close'],
      '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
    ),
  )
  expect(answer.status).toBe(200)
  expect(gate.recorder.requests[0]?.all('content-length')).toEqual(['5'])
  expect(gate.recorder.bytes()).toMatch(/\r\n\r\nhello$/)
})

test('a recipe sees the whole answer in plain before the client gets any of it', async () => {
  const seen: Seen[] = []
  let pass: () => void = () => undefined
  await start({
    'GET /token': {
      observe(_asked, _body, one) {
        seen.push(one)
        return new Promise((resolve) => {
          pass = () => resolve(undefined)
        })
      },
    },
  })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nX-Token: a\r\nContent-Length: 6\r\n\r\nsecret'
  const client = await openRaw(gate.port)
  client.write(gate.signedIn('GET /token', 'Accept-Encoding: gzip'))
  await expect.poll(() => seen.length).toBe(1)
  expect(client.received()).toBe('')
  expect(seen[0]?.body.toString()).toBe('secret')
  expect(gate.recorder.requests[0]?.all('accept-encoding')).toEqual([])
  pass()
  await client.closed()
  expect(client.received()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*X-Token: a[\s\S]*secret$/)
})

test('an answer that is too long to be looked at is not passed on', async () => {
  const seen: Seen[] = []
  await start({ 'GET /token': { observe: async (_asked, _body, one) => void seen.push(one) } })
  const long = 'x'.repeat(70_000)
  gate.recorder.answer = () => `HTTP/1.1 200 OK\r\nContent-Length: ${long.length}\r\n\r\n${long}`
  const answer = await sendRaw(gate.port, gate.signedIn('GET /token'))
  expect([answer.status, answer.body.includes('xxx'), seen.length]).toEqual([502, false, 0])
})

test.each([
  ['in a coding that nobody asked for', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\nsecret'],
  ['cut off', 'HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nsecret'],
])('an answer %s is not passed on', async (_name, text) => {
  const seen: Seen[] = []
  await start({ 'GET /token': { observe: async (_asked, _body, one) => void seen.push(one) } })
  gate.recorder.answer = (_request, socket) => void socket.end(text)
  const answer = await sendRaw(gate.port, gate.signedIn('GET /token'))
  expect([answer.status, answer.body.includes('secret'), seen.length]).toEqual([502, false, 0])
})

test('a body that is too long to be looked at is refused before the app hears of it', async () => {
  await start({ 'POST /token': { readsBody: true, answer: async () => undefined } })
  const long = 'x'.repeat(70_000)
  const answer = await sendRaw(gate.port, gate.framed('POST /token HTTP/1.1', [`Content-Length: ${long.length}`], long))
  expect(answer.status).toBe(413)
  expect(gate.recorder.connections()).toBe(0)
})

test('whoever does not go on with a body that a recipe reads is let go', async () => {
  const clock = createFakeClock()
  const little = littleRecipe({
    rules: { 'POST /token': { open: true, readsBody: true, answer: async () => undefined } },
  })
  gate = await startTraffic({ clock, parts: { gates: new Map([['movies', little.gate]]) } })
  const client = await openRaw(gate.port)
  client.write(gate.framed('POST /token HTTP/1.1', ['Content-Length: 5'], 'h'))
  await expect.poll(() => little.asked.length).toBe(1)
  await clock.advance(31_000)
  await expect.poll(() => client.received()).toMatch(/^HTTP\/1.1 408 /)
  await clock.advance(5_000)
  await client.closed()
  expect(gate.recorder.connections()).toBe(0)
})

test('a recipe that fails while it looks passes nothing on', async () => {
  await start({ 'GET /token': { observe: () => Promise.reject(new Error('the store is down')) } })
  gate.recorder.answer = () => 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret'
  const answer = await sendRaw(gate.port, gate.signedIn('GET /token'))
  expect([answer.status, answer.body.includes('secret')]).toEqual([502, false])
})

test('a recipe speaks on a WebSocket in place of the app, and closes it', async () => {
  await start({ 'GET /socket': { open: true, socket: async () => ['hello', 'x'.repeat(300)] } })
  const socket = new WebSocket(`ws://127.0.0.1:${gate.port}/socket`, { headers: { Host: gate.app.authority } })
  const said: string[] = []
  socket.on('message', (data) => said.push(String(data)))
  const [code] = await once(socket, 'close')
  expect([said, code]).toEqual([['hello', 'x'.repeat(300)], 1000])
  expect(gate.recorder.connections()).toBe(0)
})

test('a recipe that says nothing on a WebSocket leaves it to the app', async () => {
  await start({ 'GET /socket': { open: true, socket: async () => undefined } })
  const answer = await sendRaw(
    gate.port,
    gate
      .anonymous(
        'GET /socket',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      )
      .replace('Connection: close', 'Connection: Upgrade'),
  )
  expect(answer.status).toBe(200)
  expect(gate.recorder.requests[0]?.target).toBe('/socket')
})

test('the id of a webhook stands in no log', async () => {
  const path = '/api/webhook/0123456789abcdef0123456789abcdef'
  await start({ [`POST ${path}`]: { hidesPath: true } })
  for (const text of [gate.anonymous(`POST ${path}?a=1`), gate.signedIn(`POST ${path}`)]) {
    const line = gate.nextLine()
    await sendRaw(gate.port, text)
    expect((await line)['path']).toBe('/api/webhook/…')
  }
  expect(gate.recorder.requests[0]?.target).toBe(path)
})
