import { setInterval as every } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { signInOnDesktop } from '../support/desktop.ts'
import { useHouse } from '../support/house.ts'
import { needPart } from '../support/parts.ts'
import { openRaw, parseResponse } from '../support/raw.ts'
import { ok, startRecorder } from '../support/recorder.ts'
import { until } from '../support/turns.ts'

const library = needPart('faketime')
/** An hour of the gateway is 1.8 seconds of ours. */
const SPEED = 2000
const HOUR_MS = 3_600_000 / SPEED

const recorder = await startRecorder(() => undefined)
afterAll(() => recorder.close())

describe.skipIf(library === undefined)('a gateway whose whole process lives in fast time', () => {
  const env: Record<string, string> = {}
  const house = useHouse({ process: true, env, libraryPort: Number(recorder.url.port) })

  test('no timer of Node or undici ends an upload of six hours, a long poll or a silent event stream', async () => {
    recorder.answer = () => ok
    const { browser } = await signInOnDesktop(house, house.library, '/')
    const host = new URL(house.library).host
    const cookie = browser.cookies('library.localhost')
    const text = (line: string, more = '') =>
      `${line} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n${more}\r\n`
    Object.assign(env, { LD_PRELOAD: library, FAKETIME: `+0 x${SPEED}` })
    await house.restart()
    recorder.clear()

    const sockets = new Map<string, (bytes: string) => void>()
    recorder.answer = ({ target }, socket) => {
      sockets.set(target, (bytes) => void socket.write(bytes))
      return target === '/events' ? 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none' : undefined
    }
    // The head has to be there in its 20 seconds, which are a hundredth of one of ours: a busy machine needs several tries.
    const send = async (bytes: string) => {
      const line = bytes.slice(0, bytes.indexOf('\r\n'))
      for (;;) {
        const client = await openRaw(house.port)
        client.write(bytes)
        await until(() => client.socket.destroyed || recorder.bytes().includes(line))
        if (recorder.bytes().includes(line)) return client
      }
    }
    const upload = await send(`${text('PUT /backup', 'Transfer-Encoding: chunked\r\n')}1\r\na\r\n`)
    const poll = await send(text('GET /poll'))
    const events = await send(text('GET /events'))
    await events.until((received) => received.endsWith('one'))

    const begun = performance.now()
    let letters = 1
    for await (const _ of every(HOUR_MS / 60)) {
      upload.write('1\r\na\r\n')
      letters++
      const hours = (performance.now() - begun) / HOUR_MS
      if (hours > 1.1) {
        sockets.get('/poll')?.(ok)
        sockets.delete('/poll')
      }
      if (hours > 6) break
    }
    upload.write('0\r\n\r\n')
    await until(() => sockets.has('/backup'))
    sockets.get('/backup')?.(ok)
    sockets.get('/events')?.('two')

    expect(parseResponse(await poll.closed())).toMatchObject({ status: 200, body: 'ok' })
    expect(parseResponse(await events.closed())).toMatchObject({ status: 200, body: 'onetwo' })
    expect(parseResponse(await upload.closed())).toMatchObject({ status: 200, body: 'ok' })
    expect(recorder.requests.at(-1)?.body.match(/a/g)).toHaveLength(letters)
    const told = () => house.log().find((line) => line.includes('"path":"/backup"'))
    await until(() => told() !== undefined)
    // Its own clock says so too.
    expect(JSON.parse(told() ?? '').ms).toBeGreaterThan(5 * 3_600_000)
  })
})
