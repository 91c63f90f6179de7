import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { openRedisStore } from '../../src/store/redis.ts'
import type { RedisSettings } from '../../src/store/redis-settings.ts'
import { leastRights } from '../../src/store/redis-trouble.ts'
import { createFakeClock } from '../support/clock.ts'
import { needPart } from '../support/parts.ts'
import { type RedisServer, startRedis, startRedisCluster } from '../support/redis-server.ts'
import { startSentinels } from '../support/sentinels.ts'
import { describeRaces } from './races.ts'
import { type DurableStoreUnderTest, describeDurableStore, describeStore } from './store.ts'

const user = { user: 'gateways', password: 'a-password-of-the-tests' }
const userLine = ['on', `>${user.password}`, ...leastRights.split(' ')]

/** Servers for all tests of a block; each test finds them empty. */
type Ground = { settings: RedisSettings; nodes: RedisServer[]; close(): Promise<void> }

describe.skipIf(needPart('redis') === undefined)('Redis', () => {
  hold('Redis', async () => {
    const server = await startRedis()
    return { settings: server.settings, nodes: [server], close: server.close }
  })
  hold('Redis Cluster', () => startRedisCluster())
  hold('Redis, as a user with the least rights', async () => {
    const server = await startRedis(['--user', 'gateways', ...userLine])
    return { settings: { ...server.settings, ...user }, nodes: [server], close: server.close }
  })
  hold('Redis Cluster, as a user with the least rights', async () => {
    const cluster = await startRedisCluster(['--user', 'gateways', ...userLine])
    return { ...cluster, settings: { ...cluster.settings, ...user } }
  })
})

describe.skipIf(needPart('sentinel') === undefined)('Redis behind Sentinels', () => {
  hold('Redis behind Sentinels', async () => {
    const sentinels = await startSentinels()
    const [primary] = sentinels.servers
    return { settings: sentinels.settings, nodes: [primary], close: sentinels.close }
  })
})

function hold(name: string, begin: () => Promise<Ground>): void {
  describe(name, () => {
    let ground: Ground
    beforeAll(async () => {
      ground = await begin()
    })
    afterAll(() => ground.close())

    const empty = () => Promise.all(ground.nodes.map(({ admin }) => admin.flushall()))

    async function open(): Promise<DurableStoreUnderTest> {
      await empty()
      const clock = createFakeClock()
      let store = await openRedisStore(ground.settings, clock, silentLog)
      return {
        store,
        clock,
        async reopen() {
          await store.close()
          store = await openRedisStore(ground.settings, clock, silentLog)
          return store
        },
        cleanup: () => store.close(),
      }
    }

    test('whoever follows the feed is hurried by an append elsewhere', async () => {
      const [reader, writer] = [await open(), await open()]
      const heard = Promise.withResolvers<void>()
      reader.store.feed.onAppended?.(() => heard.resolve())
      let over = false
      heard.promise.then(() => (over = true))
      // What is published before the server has taken us for a listener reaches nobody.
      while (!over) await Promise.all([writer.store.feed.append('news'), setTimeout(10)])
      await reader.cleanup()
      await writer.cleanup()
    })

    test('nothing that was asked for has been denied', async () => {
      await (await open()).cleanup()
      for (const { admin } of ground.nodes) expect(await admin.call('ACL', 'LOG')).toEqual([])
    })

    describeStore(name, open)
    describeDurableStore(name, open)
    describeRaces(name, async () => {
      await empty()
      const store = await openRedisStore(ground.settings, systemClock, silentLog)
      return { store, clock: systemClock, close: () => store.close() }
    })
  })
}
