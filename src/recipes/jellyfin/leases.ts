import type { Clock } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import { setBounded } from '../../lib/set-bounded.ts'

/** Addresses that have shown a good token a moment ago: native apps fetch pictures without one. */
export interface Leases {
  renew(place: Place): void
  isFresh(place: Place): boolean
}

const LIFE = 30 * MINUTE
const MOST = 2_000

/** Those of one gateway. */
export function createLeases(clock: Clock): Leases {
  const until = new Map<string, number>()
  // SECURITY(replace: certain && disputed === undefined → true): behind a hidden address anybody may stand. Test: pictures are lent to an address that is certain, and to no other
  const isSure = ({ certain, disputed }: Place) => certain && disputed === undefined
  return {
    renew(place) {
      if (!isSure(place)) return
      until.delete(place.address)
      setBounded(until, MOST, place.address, clock.now() + LIFE)
    },
    isFresh: (place) => isSure(place) && clock.now() < (until.get(place.address) ?? 0),
  }
}
