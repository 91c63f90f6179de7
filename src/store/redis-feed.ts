import type { Feed, FeedEntry, FeedPage } from './contract.ts'
import { FEED_LIMIT } from './contract.ts'
import { type RedisConnection, script } from './redis-connection.ts'

/**
 * Appends ARGV[1] to the stream KEYS[1] and keeps the newest ARGV[2]. A position is the server's time in
 * microseconds, or one more than the last: it grows on after a flush and after a failover that lost entries. Each
 * entry names the position before it, so that a reader notices both.
 */
const append = script(`
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local before = last and string.match(last[1], '^%d+') or '0'
local time = redis.call('TIME')
local position = string.format('%.0f', math.max(before + 1, time[1] * 1000000 + time[2]))
redis.call('XADD', KEYS[1], 'MAXLEN', '=', ARGV[2], position .. '-0', 'before', before, 'entry', ARGV[1])
return position
`)

/**
 * At most ARGV[2] entries of the stream KEYS[1] after position ARGV[1]. Returns 0 and the entries, or, when what
 * follows does not join on to that position, 1 and the entries from the oldest on.
 */
const readSince = script(`
local function read(start) return redis.call('XRANGE', KEYS[1], start, '+', 'COUNT', ARGV[2]) end
local page = read('(' .. ARGV[1] .. '-0')
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local before = page[1] and page[1][2][2] or newest and string.match(newest[1], '^%d+') or '0'
if before == ARGV[1] then return { 0, page } end
return { 1, read('-') }
`)

/** The feed as one stream, so that it lives on one node of a Cluster. */
export function createRedisFeed(redis: RedisConnection, namespace: string): Feed {
  const key = `${namespace}feed`
  const channel = `${namespace}appended`
  return {
    async append(entry) {
      const position = readPosition(await redis.run(append, key, entry, FEED_LIMIT))
      redis.publish(channel)
      return position
    },
    readSince: async (position, limit) => readPage(await redis.run(readSince, key, position, limit)),
    async head() {
      const [newest] = asList(await redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1))
      return newest === undefined ? 0 : readEntry(newest).position
    },
    onAppended: (run) => redis.listen(channel, run),
  }
}

function readPage(reply: unknown): FeedPage {
  const [missed, entries] = asList(reply)
  if (missed !== 0 && missed !== 1) throw nonsense()
  return { entries: asList(entries).map(readEntry), missed: missed === 1 }
}

function readEntry(reply: unknown): FeedEntry {
  const [id, fields] = asList(reply)
  const entry = asList(fields)[3]
  if (typeof entry !== 'string') throw nonsense()
  return { position: readPosition(id), entry }
}

function readPosition(reply: unknown): number {
  const position = typeof reply === 'string' ? Number(/^(\d{1,16})(?:-0)?$/.exec(reply)?.[1]) : Number.NaN
  if (!Number.isSafeInteger(position)) throw nonsense()
  return position
}

function asList(reply: unknown): unknown[] {
  if (!Array.isArray(reply)) throw nonsense()
  return reply
}

function nonsense(): Error {
  return new Error('Redis: what it says of the feed makes no sense')
}
