import type { Clock } from '../lib/clock.ts'
import { setBounded } from '../lib/set-bounded.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'

/** From each text that comes along as a credential of an app's to the session that holds it. */
export interface Marks {
  /** Has `text` lead to a session until then (milliseconds since the epoch); the session that had it first keeps it. */
  set(app: string, text: string, session: string, expiresAt: number): Promise<void>
  /** See `Inside.markOf`. */
  of(app: string, text: string): string | undefined | Promise<string | undefined>
}

/** What they are kept in, by the HMAC of the text. */
export type MarksParts = { clock: Clock; keyring: Keyring; records: Records<{ session: string }> }

/** No app's credential is longer; who sends something longer, and other things again and again, must not fill the memory. */
export const LONGEST_TEXT = 1024
/** Read again after this long: another gateway may have marked it meanwhile. */
const UNMARKED_MS = 2_000
const CACHE_LIMIT = 20_000

type Cached = { session: string | undefined; readAt: number }

/** The marks of all apps, as one gateway sees them. */
export function createMarks({ clock, keyring, records }: MarksParts): Marks {
  const near = new Map<string, Cached>()
  const nameOf = (app: string, text: string) => `${app} ${text}`

  async function read(name: string): Promise<string | undefined> {
    const session = (await records.find(keyring.deriveAll('mark', name)))?.value.session
    setBounded(near, CACHE_LIMIT, name, { session, readAt: clock.now() })
    return session
  }

  return {
    async set(app, text, session, expiresAt) {
      const name = nameOf(app, text)
      await records.create(keyring.derive('mark', name), { session }, expiresAt)
      near.delete(name)
    },
    of(app, text) {
      // SECURITY: a form of a stranger's may hold 64 kB, and each would be remembered. Test: what is too long to be a credential is not remembered, and asks no store
      if (text.length > LONGEST_TEXT) return undefined
      const name = nameOf(app, text)
      const cached = near.get(name)
      // Whose it is never changes; that it is nobody's may.
      if (cached?.session !== undefined) return cached.session
      if (cached !== undefined && clock.now() - cached.readAt < UNMARKED_MS) return undefined
      return read(name)
    },
  }
}
