import { MINUTE } from '../lib/clock.ts'
import { allTries, personTries } from './tries.ts'

/** What somebody tries who types codes without end, and against how many that are on screens. */
export type Guessing = {
  /** How many different codes there are. */
  codes: number
  /** Codes that lead to a screen at the same time. */
  live: number
  /** Tries in a minute that one person gets whatever others do, at most, and all people beyond that together. */
  freePerMinute: number
  mostPerMinute: number
  sharedPerMinute: number
  /** How many people who may sign in are at it, and for how long. */
  people: number
  minutes: number
}

/** The numbers in force: 20 letters, 8 of them (`user-code.ts`), and the limits on trying (`tries.ts`). */
export const guessing: Pick<Guessing, 'codes' | 'freePerMinute' | 'mostPerMinute' | 'sharedPerMinute'> = {
  codes: 20 ** 8,
  freePerMinute: (personTries.free / personTries.windowMs) * MINUTE,
  mostPerMinute: (personTries.most / personTries.windowMs) * MINUTE,
  sharedPerMinute: MINUTE / allTries.everyMs,
}

/** The probability (0 to 1) that at least one of the tries finds some screen's code (RFC 8628 §5.1). */
export function guessOdds(guess: Guessing): number {
  const { people, freePerMinute, mostPerMinute, sharedPerMinute } = guess
  const perMinute = Math.min(people * mostPerMinute, people * freePerMinute + sharedPerMinute)
  return -Math.expm1(perMinute * guess.minutes * Math.log1p(-guess.live / guess.codes))
}
