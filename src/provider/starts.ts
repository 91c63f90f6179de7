import { type Clock, HOUR } from '../lib/clock.ts'
import { prefixesOf } from '../lib/prefixes.ts'

/** How often logins may begin at the provider. All screens of a house share the gateway's one address there. */
export type Starts = {
  /** Takes one for a screen at `address`; false when this hour's are spent, or that network's share of them. */
  take(address: string): boolean
}

const USUAL_PER_HOUR = 60

/** No network takes the last quarter: a stranger's screens leave some to those at home. */
const SHARE = 3 / 4

/** Half of what the provider takes in an hour, so that the other half is there for restarts and for others; 60 where it does not count. */
export function createStarts(clock: Clock, providerTakesPerHour: number | undefined): Starts {
  const budget = providerTakesPerHour === undefined ? USUAL_PER_HOUR : Math.floor(providerTakesPerHour / 2)
  let taken: { at: number; network: string }[] = []
  return {
    take(address) {
      const now = clock.now()
      const { wide: network } = prefixesOf(address)
      taken = taken.filter(({ at }) => at > now - HOUR)
      if (taken.length >= budget) return false
      // SECURITY: or a stranger spends them all. Test: D12: one network cannot take all codes that the provider gives in an hour
      if (taken.filter((one) => one.network === network).length >= Math.ceil(budget * SHARE)) return false
      taken.push({ at: now, network })
      return true
    },
  }
}
