import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { resultCode, tellsDamage } from './sqlite-damage.ts'

/** Tells the operator that the database does not do what it should: at once, then once a minute, and when it is over. */
export type Trouble = {
  /** An operation has failed. */
  met(error: unknown): void
  /** A write has worked. */
  over(): void
}

/** By SQLite's result code. */
const told: Record<number, { error: string; remedy: string }> = {
  5: { error: 'locked', remedy: 'find the program that holds the file, such as a backup, and let it end' },
  8: { error: 'read-only', remedy: 'make the disk and the file writable' },
  10: { error: 'disk', remedy: 'look at the disk: it does not read or write' },
  13: { error: 'full', remedy: 'make room on the disk' },
}
const damaged = { error: 'damaged', remedy: 'restart: the file is set aside, and everybody signs in again' }

/** The troubles of the database `file`. Names and codes alone are told. */
export function createTrouble(file: string, clock: Clock, log: Log): Trouble {
  let toldAt: number | undefined
  let lasting = false
  return {
    met(error) {
      const now = clock.now()
      // A clock that was set back must not silence this.
      if (toldAt !== undefined && now >= toldAt && now - toldAt < MINUTE) return
      toldAt = now
      lasting = tellsDamage(error)
      const code = resultCode(error)
      log.warn('store_lost', { file, ...(lasting ? damaged : told[code]), code })
    },
    over() {
      // Another part of a damaged file may still be sound.
      if (toldAt === undefined || lasting) return
      toldAt = undefined
      log.notice('store_back', { file })
    },
  }
}
