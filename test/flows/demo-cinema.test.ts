import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import { startDemoApp } from '../../src/demo/cinema/app.ts'
import { createFakeClock } from '../support/clock.ts'

const clock = createFakeClock()
let app: Awaited<ReturnType<typeof startDemoApp>>

beforeEach(async () => {
  app = await startDemoApp({ port: 0, listenHost: '127.0.0.1', clock })
})
afterEach(() => app.close())

test('the demo app shows the exact URL it was asked for, as text', async () => {
  const response = await fetch(`http://127.0.0.1:${app.port}/films/42?t=90&x=%3Cb%3E'`)
  const html = await response.text()
  expect(html).toContain('<b id="asked">/films/42?t=90&#38;x=%3Cb%3E')
  expect(html).toContain('Continue at 1:30')
  expect((await fetch(`http://127.0.0.1:${app.port}/films/43`)).status).toBe(404)
})

test("the demo app's WebSocket ticks and echoes", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${app.port}/socket?from=test`)
  const heard: string[] = []
  socket.on('message', (data) => heard.push(String(data)))
  await once(socket, 'open')
  socket.send('are you there?')
  while (!heard.includes('are you there?')) await once(socket, 'message')
  await clock.advance(2000)
  while (!heard.includes('tick 2')) await once(socket, 'message')
  expect(heard.filter((text) => text.startsWith('tick'))).toEqual(['tick 0', 'tick 1', 'tick 2'])
  socket.close()
  await once(socket, 'close')
})

test('the demo app has no other WebSocket', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${app.port}/socket/other`)
  const [error] = await once(socket, 'error').catch((reason) => [reason])
  expect(String(error)).toContain('404')
})
