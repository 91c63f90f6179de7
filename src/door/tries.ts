import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Records } from '../store/records.ts'

/** Codes typed, counted for each person. */
export interface Tries {
  /** Counts one more; false when there were too many lately. Before the code is looked up, so that many at once count too. */
  take(person: string): Promise<boolean>
}

const WINDOW = 10 * MINUTE
const LIMIT = 10

/** The counts in the store: ten codes in ten minutes. */
export function createTries(parts: { clock: Clock; records: Records<number[]> }): Tries {
  const { clock, records } = parts
  return {
    async take(person) {
      // Each lost swap is another's try that has landed, so that the limit ends this as well.
      for (let attempt = 0; attempt <= LIMIT; attempt++) {
        const now = clock.now()
        const held = await records.get(person)
        const recent = (held?.value ?? []).filter((at) => at > now - WINDOW)
        if (recent.length >= LIMIT) return false
        const tries = [...recent, now]
        const until = now + WINDOW
        const counted = held === undefined ? records.create(person, tries, until) : records.swap(held, tries, until)
        if (await counted) return true
      }
      return false
    },
  }
}
