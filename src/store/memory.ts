import type { Clock } from '../lib/clock.ts'
import type { FeedEntry, Store, StoredRecord } from './contract.ts'
import { FEED_LIMIT } from './contract.ts'

/** Records looked at for expiry on every write; more than one, so that the sweep outruns the growth. */
const SWEEP_STEP = 4

/** A store that forgets everything when the process ends; for tests. Errors: only when closed. */
export function createMemoryStore(clock: Clock): Store {
  const records = new Map<string, StoredRecord>()
  const entries: FeedEntry[] = []
  let lastVersion = 0
  let lastPosition = 0
  let closed = false
  let cursor = records.entries()

  function assertOpen(): void {
    if (closed) throw new Error('the store is closed')
  }

  function live(key: string): StoredRecord | undefined {
    assertOpen()
    const record = records.get(key)
    return record !== undefined && record.expiresAt > clock.now() ? record : undefined
  }

  function write(key: string, value: string, expiresAt: number): true {
    lastVersion += 1
    records.set(key, { value, version: lastVersion, expiresAt })
    sweep()
    return true
  }

  function sweep(): void {
    for (let step = 0; step < SWEEP_STEP; step++) {
      const { done, value } = cursor.next()
      if (done) {
        cursor = records.entries()
        return
      }
      if (value[1].expiresAt <= clock.now()) records.delete(value[0])
    }
  }

  return {
    async get(key) {
      const record = live(key)
      return record && { ...record }
    },
    create: async (key, value, expiresAt) => live(key) === undefined && write(key, value, expiresAt),
    swap: async (key, version, value, expiresAt) => live(key)?.version === version && write(key, value, expiresAt),
    remove: async (key, version) => live(key)?.version === version && records.delete(key),
    feed: {
      async append(entry) {
        assertOpen()
        lastPosition += 1
        entries.push({ position: lastPosition, entry })
        if (entries.length > FEED_LIMIT) entries.shift()
        return lastPosition
      },
      async readSince(position, limit) {
        assertOpen()
        const first = lastPosition - entries.length + 1
        const stranger = position > lastPosition
        const from = stranger ? 0 : Math.max(0, position + 1 - first)
        return { entries: entries.slice(from, from + limit), missed: stranger || position + 1 < first }
      },
      async head() {
        assertOpen()
        return lastPosition
      },
    },
    async close() {
      closed = true
      records.clear()
      entries.length = 0
    },
  }
}
