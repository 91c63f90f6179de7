import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { times } from '../lib/times.ts'
import type { Records } from '../store/records.ts'
import type { EndReason, Session } from './session.ts'

/** Whether the store has taken the end of a session. */
export type Ended = 'kept' | 'not-kept'

/** How sessions end: here at once, and in the store as soon as it can be written. */
export type Ending = {
  /** Never rejects. */
  end(key: string, reason: EndReason): Promise<Ended>
  /**
   * Whether somebody has signed it out, so that nothing which was begun under it is finished. One that ended because another
   * took its place was not.
   */
  wasSignedOut(key: string): Promise<boolean>
  /** How a session has ended, as long as that is remembered. */
  endOf(key: string): Promise<EndReason | undefined>
  /** Tries again what the store has not taken. */
  again(): Promise<void>
}

/** Where ends are kept, and who hears of them. */
export type EndingParts = {
  clock: Clock
  log: Log
  records: Records<Session>
  /** Lets nothing go on in this process. */
  cut(key: string): void
  /** Tells the other replicas. */
  announceEnd(key: string): Promise<unknown>
  onEnd(key: string): void
}

/** The ends that this replica makes. */
export function createEnding({ clock, log, records, cut, announceEnd, onEnd }: EndingParts): Ending {
  const unkept = new Map<string, EndReason>()

  async function end(key: string, reason: EndReason): Promise<Ended> {
    // SECURITY: whatever the store does, nothing goes on here. Test: an end that the store does not take counts at once, and is written when it does
    cut(key)
    unkept.set(key, reason)
    try {
      await keep(key, reason)
      // Again: a read that was under way may have brought it back into the cache.
      cut(key)
      await announceEnd(key)
    } catch {
      log.warn('session_end_not_kept', { reason, remedy: 'mend the store before a restart, which would undo it' })
      onEnd(key)
      return 'not-kept'
    }
    unkept.delete(key)
    onEnd(key)
    return 'kept'
  }

  async function keep(key: string, reason: EndReason): Promise<void> {
    await records.change([key], (session) => {
      if (session === undefined || session.ended !== undefined) return undefined
      const now = clock.now()
      return { value: { ...session, ended: { at: now, reason } }, expiresAt: now + times.tombstone }
    })
  }

  return {
    end,
    async wasSignedOut(key) {
      const held = await records.get(key)
      const ended = held?.value.ended
      return held === undefined || (ended !== undefined && ended.reason !== 'replaced')
    },
    endOf: async (key) => (await records.get(key))?.value.ended?.reason,
    async again() {
      for (const [key, reason] of [...unkept]) {
        if ((await end(key, reason)) === 'not-kept') return
        log.notice('session_end_kept', { reason })
      }
    },
  }
}
