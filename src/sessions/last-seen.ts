import type { Clock } from '../lib/clock.ts'
import type { Records } from '../store/records.ts'
import type { Session } from './session.ts'

/** When sessions were last seen: noted at every request, written in batches. */
export type LastSeen = {
  note(key: string): void
  forget(key: string): void
  /** The session with what is noted and not written yet. */
  applied(key: string, session: Session): Session
  /**
   * Writes what is noted. Rejects when the store does; the rest stays noted, and counts, until it can be written: a
   * full disk signs nobody out.
   */
  write(): Promise<void>
}

/** What it is written to, for how long, and who keeps a copy of what has been written. */
export type LastSeenParts = {
  clock: Clock
  records: Records<Session>
  recordUntil(session: Session): number
  onWritten(key: string, session: Session): void
}

/** The activity of one replica's sessions. */
export function createLastSeen({ clock, records, recordUntil, onWritten }: LastSeenParts): LastSeen {
  const noted = new Map<string, number>()

  async function writeOne(key: string, seen: number): Promise<void> {
    const held = await records.get(key)
    if (held === undefined || held.value.ended !== undefined || seen <= held.value.lastSeenAt) return
    const session = { ...held.value, lastSeenAt: seen }
    if (await records.swap(held, session, recordUntil(session))) onWritten(key, session)
  }

  return {
    note: (key) => void noted.set(key, clock.now()),
    forget: (key) => void noted.delete(key),
    applied(key, session) {
      const seen = noted.get(key)
      return seen === undefined || seen <= session.lastSeenAt ? session : { ...session, lastSeenAt: seen }
    },
    async write() {
      // A copy: what is noted meanwhile is for the next time, or this would never end.
      for (const [key, seen] of [...noted]) {
        await writeOne(key, seen)
        if (noted.get(key) === seen) noted.delete(key)
      }
    },
  }
}
