import { createBuckets } from '../lib/buckets.ts'
import type { Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import type { Place } from '../lib/place.ts'
import { limitedPrefixes } from '../lib/prefixes.ts'
import type { RareNotices } from '../lib/rare-notices.ts'

/** Presses on the approve page, counted. */
export interface Presses {
  /** Counts one more, by the door's session or, signed out, from a place: 0, or the milliseconds to wait. */
  take(asker: { session: string | undefined; place: Place }): number
}

/** Nobody lets thirty screens in at once. */
const SESSION = { burst: 30, everyMs: 10 * SECOND, most: 2048 }
const NARROW = { burst: 60, everyMs: 2 * SECOND, most: 4096 }

/** The counts of one gateway. */
export function createPresses(clock: Clock, tell: RareNotices): Presses {
  const sessions = createBuckets(clock, SESSION)
  const networks = createBuckets(clock, NARROW)
  return {
    take({ session, place }) {
      // SECURITY(replace: return sessions.take → void sessions.take): a stranger at the same address would take the yes from people. Test: D12: a phone that is signed in approves from an address that is spent
      if (session !== undefined) return sessions.take(session)
      const narrow = limitedPrefixes(place)?.narrow
      if (narrow === undefined) return 0
      const wait = networks.take(narrow)
      if (wait > 0) tell('presses_limited', narrow)
      return wait
    },
  }
}
