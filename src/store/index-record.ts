import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Records } from './records.ts'

/** Lists of ids, each under a key: "the sessions of this person". Stored as ordinary records, changed by swap. */
export interface Index {
  /**
   * Lists `id` under `key` until `expiresAt` (milliseconds since the epoch); again to prolong it. Returns the ids
   * that had to give way because the list was full. Rejects when others keep changing the list, or the store fails.
   */
  add(key: string, id: string, expiresAt: number): Promise<string[]>
  /** Takes `id` off the list; harmless when it is not on it. Rejects as `add` does. */
  remove(key: string, id: string): Promise<void>
  /**
   * The ids under these keys whose thing exists, each once, a list's oldest first. Those without are taken off their list
   * in passing.
   */
  list(...keys: string[]): Promise<string[]>
}

/** One line of an index. Times in milliseconds since the epoch. */
export type IndexEntry = { id: string; addedAt: number; expiresAt: number }

/** What an index is kept in. */
export type IndexParts = {
  clock: Clock
  records: Records<IndexEntry[]>
  /** Whether the thing that `id` names is still there. */
  exists(id: string): Promise<boolean>
}

/** Ids in one list; a full list drops the oldest. */
export const INDEX_LIMIT = 1000

/** A thing may be listed just before it is made, so an entry this young is never taken for a leftover. */
const YOUNG = MINUTE

/** An index over the records of one drawer. */
export function createIndex({ clock, records, exists }: IndexParts): Index {
  /** Swaps in what `edit` makes of the entries, until it lands; `edit` returns undefined to leave them. */
  async function change(key: string, edit: (entries: IndexEntry[]) => IndexEntry[] | undefined): Promise<void> {
    await records.change([key], (value) => {
      const entries = edit(unexpired(value))
      if (entries === undefined) return undefined
      return entries.length === 0 ? 'removed' : { value: entries, expiresAt: latestOf(entries) }
    })
  }

  function unexpired(value: IndexEntry[] | undefined): IndexEntry[] {
    return listed(value).filter((entry) => typeof entry?.id === 'string' && entry.expiresAt > clock.now())
  }

  async function readOne(key: string): Promise<string[]> {
    const held = await records.get(key)
    const entries = unexpired(held?.value)
    const there = await Promise.all(entries.map((entry) => exists(entry.id)))
    const kept = entries.filter((entry, i) => there[i] || clock.now() - entry.addedAt < YOUNG)
    // A repair that loses its swap is left to the next reader.
    if (held !== undefined && kept.length < listed(held.value).length) {
      await (kept.length === 0 ? records.remove(held) : records.swap(held, kept, latestOf(kept)))
    }
    return entries.filter((_, i) => there[i]).map((entry) => entry.id)
  }

  return {
    async add(key, id, expiresAt) {
      let dropped: string[] = []
      await change(key, (entries) => {
        const all = [...entries.filter((entry) => entry.id !== id), { id, addedAt: clock.now(), expiresAt }]
        dropped = all.slice(0, -INDEX_LIMIT).map((entry) => entry.id)
        return all.slice(-INDEX_LIMIT)
      })
      return dropped
    },
    remove: (key, id) =>
      change(key, (entries) => {
        const rest = entries.filter((entry) => entry.id !== id)
        return rest.length === entries.length ? undefined : rest
      }),
    list: async (...keys) => [...new Set((await Promise.all(keys.map(readOne))).flat())],
  }
}

/** Another version may have kept it otherwise: then the list begins anew. */
function listed(value: IndexEntry[] | undefined): IndexEntry[] {
  return Array.isArray(value) ? value : []
}

function latestOf(entries: readonly IndexEntry[]): number {
  return entries.reduce((latest, entry) => Math.max(latest, entry.expiresAt), 0)
}
