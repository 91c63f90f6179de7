import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { letTelevisionIn } from '../support/let-in.ts'
import { needPart } from '../support/parts.ts'
import { createPerson } from '../support/person.ts'
import { createPhone, pressYes, scan, signOutFirst } from '../support/phone.ts'
import { freePort } from '../support/ports.ts'
import { useReplicas } from '../support/replicas.ts'
import { openOnTelevision } from '../support/television.ts'

describe.skipIf(needPart('sentinel') === undefined)('two gateways on a Redis behind Sentinels', () => {
  const replicas = useReplicas({ count: 2, sentinels: true })

  test('N5: a failover lets nobody in, brings everybody back without a restart, and a sign-out that it loses still holds', async () => {
    const { tv: staying } = await letTelevisionIn(replicas)
    const { tv: leaving, phone } = await letTelevisionIn(replicas, { person: 'Sam' })
    const waiting = await openOnTelevision(replicas)
    const open = async (tv: typeof staying) => (await tv.browser.go(`${replicas.cinema}/`)).status
    while (!(await replicas.redis.admin.info('replication')).match(/lag=[01]\b/)) await setTimeout(20)
    expect(await replicas.redis.admin.wait(1, 5000)).toBe(1)

    // The second server hears no more of the first, which is then lost with what it alone knew.
    await replicas.follower?.admin.replicaof('127.0.0.1', `${await freePort()}`)
    await signOutFirst(replicas.door, phone)
    for (let inARow = 0; inARow < 4; ) inARow = (await open(leaving)) === 401 ? inARow + 1 : 0
    const record = async () => (await replicas.follower?.admin.keys('entryphone:session/*'))?.length
    expect(await record()).toBeGreaterThan(1)
    await replicas.redis.kill()

    const killed = performance.now()
    const seen = new Map<number, number>()
    const strangers = new Set<number>()
    for (let inARow = 0; inARow < 6; ) {
      const status = await open(staying)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      strangers.add(await open(leaving))
      strangers.add((await createPerson().go(`${replicas.cinema}/`)).status)
      // What was read before may be believed for two seconds.
      inARow = status === 200 && performance.now() - killed > 2500 ? inARow + 1 : 0
      expect(performance.now() - killed).toBeLessThan(25_000)
    }
    const seconds = ((performance.now() - killed) / 1000).toFixed(1)
    console.log(`failover: back after ${seconds} s; answers to somebody who is signed in: ${JSON.stringify([...seen])}`)
    expect([...seen.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect(seen.get(503)).toBeGreaterThan(0)
    expect([...strangers].filter((status) => status !== 401 && status !== 503)).toEqual([])

    // A login that began before goes on on the new primary.
    const other = createPhone()
    expect((await pressYes(other, await scan(other, waiting.link))).status).toBe(200)
    expect((await waiting.collect()).headers.get('location')).toBe('/films/42?t=90')
    expect(await open(waiting)).toBe(200)
    for (let i = 0; i < 6; i++) expect(await open(leaving)).toBe(401)
  })
})
