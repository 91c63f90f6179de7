import type { Clock } from '../lib/clock.ts'
import { setBounded } from '../lib/set-bounded.ts'
import { times } from '../lib/times.ts'
import type { Records } from '../store/records.ts'
import type { Session } from './session.ts'

/** Sessions as this replica has read them a moment ago, whatever has become of them. */
export type NearSessions = {
  /** At once when it was read a moment ago. */
  get(key: string): Session | undefined | Promise<Session | undefined>
  /** It has been written as it is here now. */
  written(key: string, session: Session): void
  forget(key: string): void
  forgetAll(): void
}

const MOST = 20_000

/** Those of one replica. */
export function createNearSessions({ clock, records }: { clock: Clock; records: Records<Session> }): NearSessions {
  const near = new Map<string, { session: Session; readAt: number }>()

  async function read(key: string): Promise<Session | undefined> {
    const session = (await records.get(key))?.value
    if (session !== undefined) setBounded(near, MOST, key, { session, readAt: clock.now() })
    return session
  }

  return {
    get(key) {
      const cached = near.get(key)
      const age = cached === undefined ? Number.NaN : clock.now() - cached.readAt
      // A clock that was set back must not make an old read look new.
      return cached !== undefined && age >= 0 && age < times.nearCache ? cached.session : read(key)
    },
    written(key, session) {
      const cached = near.get(key)
      if (cached !== undefined) near.set(key, { ...cached, session })
    },
    forget: (key) => void near.delete(key),
    forgetAll: () => near.clear(),
  }
}
