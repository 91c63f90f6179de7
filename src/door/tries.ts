import { createBuckets } from '../lib/buckets.ts'
import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Place } from '../lib/place.ts'
import { limitedPrefixes } from '../lib/prefixes.ts'
import type { RareNotices } from '../lib/rare-notices.ts'
import type { Records } from '../store/records.ts'

/** Codes typed, counted for each person, for the network that they are in, and for all together. */
export interface Tries {
  /**
   * Counts one more: 0, or the milliseconds to wait after too many. Before the code is looked up, so that many at once
   * count too.
   */
  take(person: string, place: Place): Promise<number>
}

/** Where the counts are, and who is told when one is full. */
export type TriesParts = { clock: Clock; records: Records<number[]>; tell: RareNotices }

/** Ten in ten minutes, whichever gateway they come to; of these, three are refused to nobody. */
export const personTries = { most: 10, windowMs: 10 * MINUTE, free: 3 }

/** Beyond the free ones. A home has one address, and ten people in it type wrong now and then. */
const NARROW = { burst: 30, everyMs: MINUTE / 3, most: 4096 }
const WIDE = { burst: 90, everyMs: MINUTE / 6, most: 4096 }
/** For all people and networks of one gateway. */
export const allTries = { burst: 100, everyMs: MINUTE / 10, most: 1 }

/** The counts of people in the store, those of networks in this process. */
export function createTries({ clock, records, tell }: TriesParts): Tries {
  const narrow = createBuckets(clock, NARROW)
  const wide = createBuckets(clock, WIDE)
  const all = createBuckets(clock, allTries)

  function waitOf(place: Place): number {
    const networks = limitedPrefixes(place)
    const near = networks === undefined ? 0 : narrow.take(networks.narrow) || wide.take(networks.wide)
    const wait = near || all.take('')
    if (wait > 0) tell('tries_limited', near > 0 && networks !== undefined ? networks.narrow : 'all')
    return wait
  }

  return {
    async take(person, place) {
      const { most, windowMs, free } = personTries
      let crowded: number | undefined
      // Each lost swap is another's try that has landed, so that the limit ends this as well.
      for (let attempt = 0; attempt <= most; attempt++) {
        const now = clock.now()
        const held = await records.get(person)
        const recent = (held?.value ?? []).filter((at) => at > now - windowMs)
        // SECURITY: codes are not for guessing. Test: U9: a thousand codes of one person, from as many addresses, get ten answers
        if (recent.length >= most) return (recent[0] ?? now) + windowMs - now
        // Whoever is refused already uses up nothing of others.
        crowded ??= waitOf(place)
        // SECURITY: neither by many together. Test: U9: a thousand codes across people are slowed down together, and whoever has not tried yet is not
        if (crowded > 0 && recent.length >= free) return crowded
        const tries = [...recent, now]
        const until = now + windowMs
        const counted = held === undefined ? records.create(person, tries, until) : records.swap(held, tries, until)
        if (await counted) return 0
      }
      return MINUTE
    },
  }
}
