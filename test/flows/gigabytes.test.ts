import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setInterval as every } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { residentBytes } from '../../soak/memory.ts'
import { signInOnDesktop } from '../support/desktop.ts'
import { useHouse } from '../support/house.ts'

const SIZE = 700_000_000
const MEGABYTE = 1_000_000
const piece = Buffer.alloc(256 * 1024)

function* zeros(): Generator<Buffer> {
  for (let left = SIZE; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece
}

/** Sends a film to whoever asks, and counts what it is sent. */
const app = createServer(async (req, res) => {
  if (req.url === '/film') {
    if (req.headers.range === undefined) res.setHeader('Content-Length', SIZE)
    return pipeline(Readable.from(zeros()), res)
  }
  let taken = 0
  for await (const chunk of req) taken += chunk.length
  res.end(String(taken))
})
await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
afterAll(() => void app.close())
const house = useHouse({ process: true, libraryPort: (app.address() as AddressInfo).port })

/** Sends a request, and a body if asked for; how many bytes came back, and how the answer ends. */
async function exchange(head: string, withBody = false): Promise<{ received: number; end: string }> {
  const socket = connect(house.port, '127.0.0.1')
  let received = 0
  let end = ''
  socket.on('data', (chunk) => {
    received += chunk.length
    end = chunk.subarray(-40).toString('latin1')
  })
  socket.write(head)
  if (withBody) Readable.from(zeros()).pipe(socket, { end: false })
  await once(socket, 'close')
  return { received, end }
}

test('D3: two gigabytes, down with and without a length and up, leave the memory of the gateway flat', async () => {
  const { browser } = await signInOnDesktop(house, house.library, '/')
  const common = `Host: ${new URL(house.library).host}\r\nCookie: ${browser.cookies('library.localhost')}\r\nConnection: close\r\n`
  const pid = house.pid() ?? 0
  const before = residentBytes(pid) ?? 0
  let peak = before
  const watching = new AbortController()
  const watched = (async () => {
    for await (const _ of every(20, undefined, { signal: watching.signal })) {
      peak = Math.max(peak, residentBytes(pid) ?? 0)
    }
  })().catch(() => undefined)

  const film = await exchange(`GET /film HTTP/1.1\r\n${common}\r\n`)
  expect(film.received).toBeGreaterThan(SIZE)
  const endless = await exchange(`GET /film HTTP/1.1\r\nRange: bytes=0-\r\n${common}\r\n`)
  expect(endless.end.endsWith('\r\n0\r\n\r\n')).toBe(true)
  const upload = await exchange(`PUT /backup HTTP/1.1\r\nContent-Length: ${SIZE}\r\n${common}\r\n`, true)
  expect(upload.end).toContain(`\r\n\r\n${SIZE}`)

  watching.abort()
  await watched
  // Buffers of sockets, and what the collector has not come to yet; a body that was kept would be hundreds more.
  const grown = Math.round((peak - before) / MEGABYTE)
  console.log(`resident: ${Math.round(before / MEGABYTE)} MB before, at most ${grown} MB more during two gigabytes`)
  expect(grown).toBeLessThan(150)
})
