import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { SECOND } from '../../src/lib/clock.ts'
import { startBusyApp } from '../support/busy-app.ts'
import { createFakeClock } from '../support/clock.ts'
import { goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'
import { startGatewayProcess } from '../support/gateway-process.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { freePort } from '../support/ports.ts'
import { openRaw } from '../support/raw.ts'
import { openSocket } from '../support/socket.ts'
import { openOnTelevision } from '../support/television.ts'

describe('a gateway that is told to stop', () => {
  // Of today, because browsers judge by their own clock whether a cookie is over.
  const clock = createFakeClock(Date.now())
  let stop = 'stop: { drain: 30s, finish: 10s }'
  const house = useHouse({ clock, startApp: startBusyApp, topLines: () => stop })

  test('N7: it says so, serves on, closes WebSockets with 1012, lets requests finish and cuts the rest', async () => {
    const { tv } = await letTelevisionIn(house)
    const waiting = await openOnTelevision(house)
    const { host } = new URL(house.cinema)
    const head = (line: string, ...fields: string[]) =>
      `${[line, `Host: ${host}`, `Cookie: ${tv.browser.cookies('cinema.localhost')}`, ...fields].join('\r\n')}\r\n\r\n`
    const health = async () => {
      const connection = await openRaw(house.port)
      connection.write(`GET /health HTTP/1.1\r\nHost: ${new URL(house.door).host}\r\n\r\n`)
      const answer = await connection.until((received) => /\n(ok|leaving)\n$/.test(received))
      connection.socket.destroy()
      return answer
    }
    expect(await health()).toMatch(/^HTTP\/1\.1 200 .*Connection: keep-alive\r\n.*\nok\n$/s)

    const [upload, events, kept] = [await openRaw(house.port), await openRaw(house.port), await openRaw(house.port)]
    upload.write(head('PUT /upload HTTP/1.1', 'Content-Length: 6'))
    upload.write('abc')
    events.write(head('GET /events HTTP/1.1'))
    await events.until((received) => received.includes(':\n\n'))
    const socket = await openSocket(tv.browser, house.cinema)
    const closed = once(socket, 'close')
    const poll = waiting.wait()
    let answered = false
    void poll.then(() => (answered = true))
    let restarted = false
    stop = ''
    const restarting = house.restart().then(() => (restarted = true))

    // It drains.
    expect(await health()).toMatch(/^HTTP\/1\.1 503 .*Connection: close\r\n.*\nleaving\n$/s)
    await clock.advance(20 * SECOND)
    socket.send('still there')
    expect(String((await once(socket, 'message'))[0])).toBe('still there')
    kept.write(head('GET / HTTP/1.1'))
    expect(await kept.closed()).toMatch(/^HTTP\/1\.1 200 .*Connection: close\r\n.*ok$/s)
    expect(answered).toBe(false)

    // It finishes.
    await clock.advance(10 * SECOND)
    expect((await closed)[0]).toBe(1012)
    expect((await poll).state).toBe('waiting')
    await expect(openRaw(house.port)).rejects.toThrow('ECONNREFUSED')
    upload.write('def')
    expect(await upload.until((received) => received.endsWith('6'))).toContain('HTTP/1.1 200 OK')
    await clock.advance(9 * SECOND)
    expect([events.socket.destroyed, restarted]).toEqual([false, false])
    await clock.advance(SECOND)
    await events.closed()
    await restarting
    expect(await health()).toMatch(/\nok\n$/)
    expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(200)
  })
})

test('a second signal ends the process at once; the same press twice does not', async () => {
  const port = await freePort()
  const config = await writeConfig(`${goodConfig}listen: 127.0.0.1:${port}\nstop: { drain: 1h }\n`)
  const gateway = await startGatewayProcess(config, goodEnv)
  gateway.signal('SIGTERM')
  gateway.signal('SIGINT')
  while (!gateway.lines.some((line) => line.includes('"event":"stopping"'))) await setTimeout(10)
  // Longer than the same press of Ctrl-C takes to arrive twice; the process goes by its own clock.
  await setTimeout(600)
  const connection = await openRaw(port)
  gateway.signal('SIGTERM')
  expect(await gateway.exited).toBe(1)
  await connection.closed()
})
