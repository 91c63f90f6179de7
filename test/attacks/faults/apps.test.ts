import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useFaultHouse } from '../../support/fault-house.ts'
import { openRaw } from '../../support/raw.ts'

const stage = await useFaultHouse()
const { house, recorder } = stage

const head = (line: string, ...fields: string[]) =>
  [
    `${line} HTTP/1.1`,
    `Host: ${new URL(house.library).host}`,
    `Cookie: ${stage.browser.cookies('library.localhost')}`,
    ...fields,
    '',
    '',
  ].join('\r\n')

test('N3: an app that resets in the middle of its answers cuts those answers, and no other', async () => {
  const usual = recorder.answer
  recorder.answer = (request, socket) => {
    if (!request.target.startsWith('/reset')) return usual(request, socket)
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nthe beginning', () => socket.resetAndDestroy())
    return undefined
  }
  const losses = await stage.traffic.count('app resets in the middle of an answer', async (more) => {
    for (let i = 0; i < 20; i++) {
      const client = await openRaw(house.port)
      client.write(head(`GET /reset/${i}`))
      // Cut, so that nobody takes the part for the whole.
      const received = await client.closed()
      expect(received).toMatch(/^HTTP\/1\.1 (200|502) /)
      if (received.startsWith('HTTP/1.1 200')) expect(received).toContain('Content-Length: 1000000')
    }
    await more(20)
  })
  recorder.answer = usual
  expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
})

test('N3: a client that vanishes in the middle of an upload is no upload for the app, and holds nothing up', async () => {
  const losses = await stage.traffic.count('client vanishes in the middle of an upload', async (more) => {
    for (let i = 0; i < 20; i++) {
      const connections = recorder.connections()
      const client = await openRaw(house.port)
      client.write(head(`PUT /upload/${i}`, 'Content-Length: 10000000'))
      client.write(Buffer.alloc(100_000))
      await expect.poll(() => recorder.bytes().includes(`PUT /upload/${i} `)).toBe(true)
      expect(recorder.connections()).toBeGreaterThanOrEqual(connections)
      client.socket.resetAndDestroy()
      await once(client.socket, 'close')
    }
    await more(20)
  })
  expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
  // No upload was ever complete, and no connection to the app waits for the rest of one.
  expect(recorder.requests.filter(({ target }) => target.startsWith('/upload'))).toEqual([])
  await expect.poll(() => recorder.open.size).toBeLessThan(40)
})

test.skipIf(process.platform !== 'linux')(
  'N3: names that hang leave threads for other names and for signatures',
  () => {
    const tasks = `/proc/${house.process().pid}/task`
    const names = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/comm`, 'utf8').trim())
    expect(names.filter((name) => name === 'libuv-worker')).toHaveLength(16)
  },
)
