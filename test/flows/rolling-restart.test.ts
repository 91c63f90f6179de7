import { describe, expect, test } from 'vitest'
import { startBusyApp } from '../support/busy-app.ts'
import { startBusyPeople } from '../support/busy-people.ts'
import { type Haproxy, startHaproxy } from '../support/haproxy.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { needPart } from '../support/parts.ts'
import { useReplicas } from '../support/replicas.ts'

const missing = needPart('redis') === undefined || needPart('haproxy') === undefined

describe.skipIf(missing)('two gateways behind HAProxy', () => {
  let haproxy: Haproxy
  const replicas = useReplicas({
    count: 2,
    lines: { stop: '{ drain: 1s, finish: 10s }', trusted_proxies: '[127.0.0.1]' },
    startApp: startBusyApp,
    async startFront(...where) {
      haproxy = await startHaproxy(...where)
      await Promise.all([haproxy.until(0, 'UP'), haproxy.until(1, 'UP')])
      return haproxy
    },
  })

  test('N7: a rolling restart under load loses no request, and closes WebSockets with 1012', async () => {
    const { tv } = await letTelevisionIn(replicas)
    const people = startBusyPeople(tv.browser, replicas.cinema)
    const began = performance.now()
    for (const gateway of [0, 1]) {
      expect(await replicas.restart(gateway)).toBe(0)
      await haproxy.until(gateway, 'UP')
    }
    await people.stop()
    const { gets, uploads, messages, closes, failures } = people.tally
    const counts = await haproxy.counts()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(
      `rolling restart of two gateways in ${seconds} s: ${gets} GETs, ${uploads} uploads of 1.5 s, ${messages} messages; ` +
        `${failures.length} failed; WebSockets closed by code: ${JSON.stringify([...closes])}; ` +
        `HAProxy led ${counts.redispatched} requests to another gateway, repeated ${counts.retried}, failed ${counts.failed}`,
    )
    expect(failures).toEqual([])
    expect([...closes.keys()]).toEqual([1012])
    expect(counts).toEqual({ redispatched: 0, retried: 0, failed: 0 })
    expect(Math.min(gets, uploads, messages)).toBeGreaterThan(10)
    // On a busy machine each of the two takes long to start.
  }, 120_000)
})
