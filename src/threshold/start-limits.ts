import { createBuckets } from '../lib/buckets.ts'
import type { Clock } from '../lib/clock.ts'
import { SECOND } from '../lib/clock.ts'
import type { Place } from '../lib/place.ts'
import { limitedPrefixes } from '../lib/prefixes.ts'
import type { RareNotices } from '../lib/rare-notices.ts'

/** How often screens may begin logins, see docs/adr/0005-limits.md. */
export interface StartLimits {
  /** Counts one login that begins, by a device that somebody has let in before or else from a place: 0, or ms to wait. */
  take(asker: { place: Place; device: string | undefined }): number
}

/** Five televisions that open three apps each are fifteen at once. */
const DEVICE = { burst: 30, everyMs: 10 * SECOND, most: 2048 }
const NARROW = { burst: 60, everyMs: 2 * SECOND, most: 4096 }
const WIDE = { burst: 480, everyMs: SECOND / 4, most: 4096 }

/** The limits of one gateway. */
export function createStartLimits(clock: Clock, tell: RareNotices): StartLimits {
  const devices = createBuckets(clock, DEVICE)
  const narrow = createBuckets(clock, NARROW)
  const wide = createBuckets(clock, WIDE)
  return {
    take({ place, device }) {
      // SECURITY(replace: return devices.take → void devices.take): whoever shares an address with a stranger would be shut out by them. Test: D12: a television that was in before is let begin from an address that is spent
      if (device !== undefined) return devices.take(device)
      // What is begun stays bounded all the same (`Pending`).
      const networks = limitedPrefixes(place)
      if (networks === undefined) return 0
      // The narrow one first: what it refuses takes nothing from the neighbours.
      const wait = narrow.take(networks.narrow) || wide.take(networks.wide)
      if (wait > 0) tell('starts_limited', networks.narrow)
      return wait
    },
  }
}
