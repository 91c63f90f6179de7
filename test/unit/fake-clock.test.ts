import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createFakeClock } from '../support/clock.ts'

test('planned calls run in order of time, each at its own moment', async () => {
  const clock = createFakeClock(1000)
  const ran: string[] = []
  for (const [name, ms] of [
    ['c', 30],
    ['a', 10],
    ['b', 10],
    ['never', 41],
  ] as const) {
    clock.after(ms, () => ran.push(`${name} at ${clock.now()}`))
  }
  const cancel = clock.after(20, () => ran.push('cancelled'))
  cancel()
  await clock.advance(40)
  expect(ran).toEqual(['a at 1010', 'b at 1010', 'c at 1030'])
  expect(clock.now()).toBe(1040)
  expect(clock.pending()).toBe(1)
})

test('a call that plans the next after an exchange over a socket is followed on', async () => {
  const server = createServer((socket) => socket.pipe(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')

  const clock = createFakeClock()
  let rounds = 0
  socket.on('data', () => {
    rounds++
    clock.after(10, () => socket.write('ping'))
  })
  clock.after(10, () => socket.write('ping'))
  await clock.advance(50)
  expect(rounds).toBe(5)
})
