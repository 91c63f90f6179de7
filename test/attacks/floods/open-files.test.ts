import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type LogFields, silentLog } from '../../../src/lib/log.ts'
import { refusals } from '../../../src/traffic/answering/refusals.ts'
import type { App } from '../../../src/traffic/app.ts'
import { tellFailure } from '../../../src/traffic/forwarding/upstream-failure.ts'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { openRaw } from '../../support/raw.ts'
import { startSlowCrowd } from '../../support/slow-crowd.ts'

const house = useHouse({ process: true })
/** The gateway alone has 28 open. */
const poor = useHouse({ process: true, openFiles: 128 })
const poorest = useHouse({ process: true, openFiles: 44 })

/** How many files a gateway has open. */
const filesOf = (pid: number | undefined) => readdirSync(`/proc/${pid}/fd`).length

/** Asks until the gateway has seen that others are gone; the test's own time limit ends it. */
async function untilAnswered(browser: Person, url: string): Promise<void> {
  let status: number | undefined
  while (status !== 200) {
    status = await browser.go(url).then(
      (answer) => answer.status,
      () => undefined,
    )
  }
}

const percentile = (times: number[], share: number) =>
  times.sort((a, b) => a - b)[Math.floor(times.length * share)] ?? 0

test('D1: while five thousand slow connections stand open, people who are signed in are answered', async () => {
  const { tv } = await letTelevisionIn(house)
  const timed = async (count: number) => {
    const times: number[] = []
    for (let i = 0; i < count; i++) {
      const begun = performance.now()
      expect((await tv.browser.go(`${house.cinema}/films/7`)).status).toBe(200)
      times.push(performance.now() - begun)
    }
    return times
  }
  const calm = percentile(await timed(100), 0.99)
  const { host } = new URL(house.cinema)
  const crowds = await Promise.all([
    startSlowCrowd(house.port, host, 2500, 'head'),
    startSlowCrowd(house.port, host, 1000, 'body'),
    startSlowCrowd(house.port, host, 1000, 'read'),
    startSlowCrowd(house.port, host, 500, 'silent'),
  ])
  const open = (await Promise.all(crowds.map((crowd) => crowd.open()))).reduce((sum, count) => sum + count, 0)
  const crowded = percentile(await timed(200), 0.99)
  console.log(`p99 of a page: ${calm.toFixed(0)} ms alone, ${crowded.toFixed(0)} ms beside ${open} slow connections`)
  // On a machine that is slow enough, the first are cut off before the last have come.
  expect(open).toBeGreaterThan(2000)
  expect(crowded).toBeLessThan(5000)
  await Promise.all(crowds.map((crowd) => crowd.leave()))
  expect((await tv.browser.go(`${house.cinema}/films/7`)).status).toBe(200)
}, 90_000)

test('D11: a gateway that has few files open takes what it can, and recovers', async () => {
  const { tv } = await letTelevisionIn(poor)
  const crowd = await startSlowCrowd(poor.port, new URL(poor.cinema).host, 1000, 'head')
  const silent = await Promise.all(Array.from({ length: 100 }, () => openRaw(poor.port)))
  for (let i = 0; i < 20; i++) expect((await tv.browser.go(`${poor.cinema}/films/7`)).status).toBe(200)
  expect(filesOf(poor.pid())).toBeLessThan(128)
  await crowd.leave()
  for (const { socket } of silent) socket.destroy()
  await untilAnswered(tv.browser, `${poor.cinema}/films/7`)
  expect(poor.log().filter((line) => line.includes('connections_limited'))).toHaveLength(1)
}, 60_000)

test('D11: without a file left for the app it is 503 or a closed connection, and afterwards the app again', async () => {
  const { tv } = await letTelevisionIn(poorest)
  const { host } = new URL(poorest.cinema)
  const cookie = tv.browser.cookies('cinema.localhost')
  // Each holds one file, and wants another for the app.
  const asked = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const connection = await openRaw(poorest.port)
      connection.write(
        `GET /films/7 HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nAccept: application/json\r\n\r\n`,
      )
      return connection
    }),
  )
  const answers = await Promise.all(
    asked.map((connection) => connection.until((text) => text.includes('\r\n\r\n')).catch(() => 'closed')),
  )
  const statuses = answers.map((answer) => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'closed')
  console.log(
    `of 40 with 44 files: ${Object.entries(Object.groupBy(statuses, (status) => status))
      .map(([status, all]) => `${all?.length} ${status}`)
      .join(', ')}`,
  )
  expect(statuses.filter((status) => !['200', '503', 'closed'].includes(status))).toEqual([])
  expect(statuses.filter((status) => status !== '200').length).toBeGreaterThan(0)
  for (const { socket } of asked) socket.destroy()
  await untilAnswered(tv.browser, `${poorest.cinema}/films/7`)
}, 60_000)

test('D11: an app that cannot be reached for want of files is not called down, and the log says what to do', () => {
  const told: LogFields[] = []
  const log = { ...silentLog, warn: (event: string, fields: LogFields = {}) => void told.push({ event, ...fields }) }
  const { code } = tellFailure(log, { name: 'cinema' } as App, Object.assign(new Error('x'), { code: 'EMFILE' }))
  expect(refusals[code].status).toBe(503)
  expect(told).toMatchObject([{ event: 'upstream_failed', remedy: expect.stringContaining('ulimit -n') }])
})
