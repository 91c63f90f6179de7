import { execFileSync } from 'node:child_process'
import { afterAll, expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { RawConnection } from '../../support/raw.ts'
import { openRaw } from '../../support/raw.ts'
import { startRecorder } from '../../support/recorder.ts'
import { echo, key } from '../../support/web-socket.ts'

const app = await startRecorder(echo)
afterAll(() => app.close())

const house = useHouse({ process: true, libraryPort: Number(app.url.port) })
const COUNT = 2000

/** Memory that the gateway's process holds, in bytes. */
const resident = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(house.pid())])) * 1024

test('W9: two thousand idle sockets cost little, and each is still there', { timeout: 60_000 }, async () => {
  const { tv } = await letTelevisionIn({ cinema: house.library })
  const { host, hostname } = new URL(house.library)
  const handshake = `GET /socket HTTP/1.1\r\nHost: ${host}\r\nCookie: ${tv.browser.cookies(hostname)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  const before = resident()
  const sockets: RawConnection[] = []
  while (sockets.length < COUNT) {
    const opened = await Promise.all(Array.from({ length: 50 }, () => openRaw(house.port)))
    for (const socket of opened) socket.write(handshake)
    await Promise.all(opened.map((socket) => socket.until((received) => received.includes('\r\n\r\n'))))
    sockets.push(...opened)
  }
  const open = resident()
  const ping = '\x89\x84\0\0\0\0ping'
  for (let round = 0; round < 5; round++) {
    const before = sockets.map((socket) => socket.received().length)
    for (const socket of sockets) socket.write(ping)
    await Promise.all(sockets.map((socket, i) => socket.until((all) => all.length >= Number(before[i]) + ping.length)))
  }
  const used = resident()
  console.log(
    `${Math.round((open - before) / COUNT)} bytes a socket, ${Math.round((used - before) / COUNT)} after five pings`,
  )
  expect(sockets.every((socket) => socket.received().endsWith(ping.repeat(5)))).toBe(true)
  expect((used - before) / COUNT).toBeLessThan(100_000)
  for (const socket of sockets) socket.socket.destroy()
})
