import { type Clock, HOUR } from '../lib/clock.ts'

/** How often logins may begin at the provider. All screens of a house share the gateway's one address there. */
export type Starts = {
  /** Takes one; false when this hour's are spent. */
  take(): boolean
}

const USUAL_PER_HOUR = 60

/** Half of what the provider takes in an hour, so that the other half is there for restarts and for others; 60 where it does not count. */
export function createStarts(clock: Clock, providerTakesPerHour: number | undefined): Starts {
  const budget = providerTakesPerHour === undefined ? USUAL_PER_HOUR : Math.floor(providerTakesPerHour / 2)
  let taken: number[] = []
  return {
    take() {
      const now = clock.now()
      taken = taken.filter((at) => at > now - HOUR)
      if (taken.length >= budget) return false
      taken.push(now)
      return true
    },
  }
}
