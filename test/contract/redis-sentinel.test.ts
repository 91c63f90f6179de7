import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { openRedisStore } from '../../src/store/redis.ts'
import type { RedisSettings } from '../../src/store/redis-settings.ts'
import { needPart } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'
import { redisSettings } from '../support/redis-server.ts'
import { MASTER, type Sentinels, startSentinels } from '../support/sentinels.ts'

const LATER = Date.UTC(2040, 0)
const PASSWORD = 'a-password-of-the-tests'

async function complaint(settings: RedisSettings): Promise<string> {
  const opened = openRedisStore(settings, systemClock, silentLog)
  const error = await opened.then(
    (store) => store.close(),
    (reason: unknown) => reason,
  )
  return String(error)
}

describe.skipIf(needPart('sentinel') === undefined)('a Redis behind Sentinels', () => {
  let sentinels: Sentinels
  beforeAll(async () => {
    sentinels = await startSentinels({ lines: [`requirepass ${PASSWORD}`], password: PASSWORD })
  })
  afterAll(() => sentinels.close())

  const through = (ports: number[], master = MASTER, password: string | undefined = PASSWORD) =>
    redisSettings(ports, { sentinel: { master, password } })

  test('no Sentinel there: said at once, instead of asking for ever', async () => {
    const [one, two] = [await freePort(), await freePort()]
    expect(await complaint(through([one, two]))).toMatch(
      /Sentinel at 127.0.0.1:\d+ cannot be reached: connect ECONNREFUSED/,
    )
  })

  test('what is wrong with the Sentinels is named, with what to do', async () => {
    const { ports, servers } = sentinels
    expect(await complaint(through(ports, 'another'))).toMatch(/knows no server of the name "another"/)
    for (const password of [undefined, 'wrong']) {
      expect(await complaint({ ...through(ports), sentinel: { master: MASTER, password } })).toMatch(
        /^OperatorError: Sentinel at 127.0.0.1:\d+ wants another password \((NOAUTH|WRONGPASS).*store_sentinel_password_file/,
      )
    }
    const notOne = { ...through([servers[0].port]), sentinel: { master: MASTER, password: undefined } }
    expect(await complaint(notOne)).toMatch(/is no Sentinel, but a Redis\. Write store: redis:\/\//)
    expect(await complaint(redisSettings([ports[0] as number], { password: PASSWORD }))).toMatch(
      /is a Sentinel\. Write store: redis\+sentinel/,
    )
    // The password of the server, and of the Sentinels, are two things.
    const wrong = { ...through(ports), password: 'wrong', user: 'nobody' }
    expect(await complaint(wrong)).toMatch(
      /^OperatorError: Redis "mymaster" of the Sentinels at .* refuses the sign-in/,
    )
  })

  test('one Sentinel is enough to be found by', async () => {
    const gone = await freePort()
    const store = await openRedisStore(through([gone, sentinels.ports[2] as number]), systemClock, silentLog)
    expect(await store.create('a', 'one', LATER)).toBe(true)
    await store.close()
  })

  test('N5: a failover: refused meanwhile, then the new primary is found, and what it has not been told is noticed', async () => {
    const events: string[] = []
    const note = (event: string) => void events.push(event)
    const log = { ...silentLog, warn: note, notice: note }
    const store = await openRedisStore(through(sentinels.ports), systemClock, log)
    onTestFinished(() => store.close())
    const [primary, replica] = sentinels.servers
    await store.create('kept', 'one', LATER)
    await store.feed.append('kept')
    expect(await primary.admin.wait(1, 5000)).toBe(1)
    // From now on the replica hears nothing, as in a moment of a broken network.
    await replica.admin.replicaof('127.0.0.1', `${await freePort()}`)
    await store.create('lost', 'one', LATER)
    const position = await store.feed.append('lost')
    await primary.kill()
    const began = performance.now()
    await expect(store.get('kept')).rejects.toThrow('Redis:')
    let value: string | undefined
    while (value === undefined) {
      value = await store.get('kept').then(
        (record) => record?.value,
        () => undefined,
      )
      expect(performance.now() - began).toBeLessThan(20_000)
      await setTimeout(20)
    }
    console.log(
      `a new primary was in use ${((performance.now() - began) / 1000).toFixed(1)} s after the old one was killed`,
    )
    expect(await store.get('lost')).toBeUndefined()
    expect(await store.feed.readSince(position, 10)).toMatchObject({ missed: true })
    expect(await store.create('new', 'one', LATER)).toBe(true)
    expect(events).toEqual(['store_lost', 'store_back'])

    // The old one comes back, as somebody who follows.
    await primary.start()
    while (!(await primary.admin.info('replication').catch(() => '')).includes('role:slave')) await setTimeout(20)
    expect((await store.get('new'))?.value).toBe('one')
  })
})
