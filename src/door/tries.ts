import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Records } from '../store/records.ts'

/** Wrong codes typed, counted for each person. */
export interface Tries {
  /** Whether this person may try another code now. */
  allowed(person: string): Promise<boolean>
  wrong(person: string): Promise<void>
}

const WINDOW = 10 * MINUTE
const LIMIT = 10

/** The counts in the store: ten wrong codes in ten minutes. */
export function createTries(parts: { clock: Clock; records: Records<number[]> }): Tries {
  const { clock, records } = parts
  const recent = (tries: number[]) => tries.filter((at) => at > clock.now() - WINDOW)
  return {
    async allowed(person) {
      const held = await records.get(person)
      return held === undefined || recent(held.value).length < LIMIT
    },
    async wrong(person) {
      for (;;) {
        const now = clock.now()
        const held = await records.get(person)
        if (held === undefined) {
          if (await records.create(person, [now], now + WINDOW)) return
          continue
        }
        if (await records.swap(held, [...recent(held.value), now].slice(-LIMIT), now + WINDOW)) return
      }
    },
  }
}
