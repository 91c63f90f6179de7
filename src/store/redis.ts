import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { randomId, randomNumber } from '../lib/random.ts'
import type { Store, StoredRecord } from './contract.ts'
import { connectRedis, script } from './redis-connection.ts'
import { createRedisFeed } from './redis-feed.ts'
import type { RedisSettings } from './redis-settings.ts'
import { checkServer, tellRisks } from './redis-start.ts'
import { explainRedis } from './redis-trouble.ts'

/** Every key of ours begins so. */
const NAMESPACE = 'entryphone:'

/**
 * Redis forgets a record this much after it has expired. Whether it has is judged by the time in the value, against
 * the reader's clock.
 */
const LATE = MINUTE

/**
 * Writes KEYS[1] if it is what the caller believes. ARGV: now; the version that it must have, empty for none; how
 * long to keep the new value, 0 for not at all; the new value. Returns 1 if so. A value is "version expiresAt text".
 */
const write = script(`
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
local version, expiry = string.match(head, '^(%d+) (%S+) ')
if head ~= '' and not version then return redis.error_reply('ERR not a record of Entryphone') end
if version and tonumber(expiry) <= tonumber(ARGV[1]) then version = nil end
if (version or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[3]) end
return 1
`)

/**
 * The store that replicas share, on Redis 6.2 or newer: one server or a Cluster, as every command and script touches
 * one key. Throws an `OperatorError` when the server cannot be used. Operations reject while it is away, at once.
 */
export async function openRedisStore(settings: RedisSettings, clock: Clock, log: Log): Promise<Store> {
  const redis = await connectRedis(settings, clock, log).catch((error: Error) => {
    throw explainRedis(error.message, settings)
  })
  const keyOf = (key: string) => NAMESPACE + key

  /** `version` is what the record must have now, empty for none. */
  async function replace(key: string, version: string, value: string, expiresAt: number): Promise<boolean> {
    const now = clock.now()
    const keepMs = expiresAt > now ? Math.ceil(expiresAt - now + LATE) : 0
    // Drawn instead of counted, so that no clock, failover or restored copy brings a version back.
    const text = `${randomNumber()} ${expiresAt} ${value}`
    return wasDone(await redis.run(write, keyOf(key), now, version, keepMs, text))
  }

  const store: Store = {
    async get(key) {
      const record = readRecord(await redis.call('GET', keyOf(key)))
      return record !== undefined && record.expiresAt > clock.now() ? record : undefined
    },
    create: (key, value, expiresAt) => replace(key, '', value, expiresAt),
    swap: (key, version, value, expiresAt) => replace(key, `${version}`, value, expiresAt),
    remove: async (key, version) => wasDone(await redis.run(write, keyOf(key), clock.now(), `${version}`, 0, '')),
    feed: createRedisFeed(redis, NAMESPACE),
    async close() {
      redis.close()
    },
  }
  const probe = `${NAMESPACE}probe/${randomId(9)}/`
  const probeFeed = { feed: createRedisFeed(redis, probe), feedKey: `${probe}feed` }
  await checkServer(redis, store, probeFeed, settings, clock).catch((error: unknown) => {
    redis.close()
    throw error
  })
  await tellRisks(redis, log)
  return store
}

/** What Redis holds is checked like anything from outside; what cannot be read is an error, not an absent record. */
function readRecord(reply: unknown): StoredRecord | undefined {
  if (reply === null) return undefined
  const [, version, expiresAt, value] = (typeof reply === 'string' && /^(\d{1,16}) (\S{1,32}) (.*)$/s.exec(reply)) || []
  const record = { value: value ?? '', version: Number(version), expiresAt: Number(expiresAt) }
  if (Number.isSafeInteger(record.version) && Number.isFinite(record.expiresAt)) return record
  throw new Error('Redis: what it holds is not a record of Entryphone')
}

function wasDone(reply: unknown): boolean {
  if (reply === 1 || reply === 0) return reply === 1
  throw new Error('Redis: the answer to a write makes no sense')
}
