import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE, SECOND } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import { limitedPrefixes } from '../../lib/prefixes.ts'

/** Somebody who signs in by name and password without a session. */
const TRIES = { burst: 10, everyMs: MINUTE / 6, most: 4096 }
const TRIES_WIDE = { burst: 60, everyMs: 2 * SECOND, most: 4096 }

/** Whether there have been too many passwords from a place. */
export function createCrowd(clock: Clock): (place: Place) => boolean {
  const narrow = createBuckets(clock, TRIES)
  const wide = createBuckets(clock, TRIES_WIDE)
  return (place) => {
    const prefixes = limitedPrefixes(place)
    // SECURITY(replace: narrow.take(prefixes?.narrow ?? '') > 0 → false): passwords are not for guessing. Test: passwords of native apps are limited for each network
    return narrow.take(prefixes?.narrow ?? '') > 0 || wide.take(prefixes?.wide ?? '') > 0
  }
}
