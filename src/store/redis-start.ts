import { type Clock, SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { OperatorError } from '../lib/operator-error.ts'
import { randomId } from '../lib/random.ts'
import type { Feed, Store } from './contract.ts'
import type { RedisConnection } from './redis-connection.ts'
import type { RedisSettings } from './redis-settings.ts'
import { explainRedis, nameOf, OLDEST, readOnly, tooOld } from './redis-trouble.ts'

/**
 * Makes sure, once, that the server is what it was taken for and lets us do all that we shall want to: a sign-out is a
 * bad time to learn that it does not. `feed` is one of its own, at `feedKey`. Throws an `OperatorError` if not.
 */
export async function checkServer(
  redis: RedisConnection,
  store: Store,
  probe: { feed: Feed; feedKey: string },
  settings: RedisSettings,
  clock: Clock,
): Promise<void> {
  judgeServer(redis.server, settings)
  try {
    const key = `probe/${randomId(9)}`
    await store.create(key, '', clock.now() + SECOND)
    const record = await store.get(key)
    if (record !== undefined) await store.remove(key, record.version)
    await probe.feed.append('')
    await probe.feed.readSince(0, 1)
    await probe.feed.head()
    await redis.call('DEL', probe.feedKey)
  } catch (error) {
    throw explainRedis((error as Error).message, settings)
  }
}

/** Tells the log how the server may come to forget what it was given: also that somebody was signed out. */
export async function tellRisks(redis: RedisConnection, log: Log): Promise<void> {
  // Not every user may ask.
  const info = String(await redis.call('INFO').catch(() => ''))
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(info) ?? []
  const limited = /^maxmemory:[1-9]/m.test(info)
  if (limited && policy !== 'noeviction') log.notice('store_may_forget', { why: `maxmemory-policy is ${policy}` })
  if (/^aof_enabled:0/m.test(info)) log.notice('store_may_forget', { why: 'no append-only file' })
}

function judgeServer(server: ReadonlyMap<unknown, unknown>, settings: RedisSettings): void {
  const where = nameOf(settings)
  const version = String(server.get('version'))
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  if (!newEnough) throw tooOld(where, version)
  const mode = server.get('mode')
  if (mode === 'sentinel') {
    throw new OperatorError(`${where} is a Sentinel. Write store: redis+sentinel://host1,host2/NAME`)
  }
  if (mode === 'cluster' && !settings.cluster) {
    throw new OperatorError(`${where} is a node of a Cluster. Put its address in square brackets: store: [redis://…]`)
  }
  if (server.get('role') === 'replica') throw readOnly(where)
}
