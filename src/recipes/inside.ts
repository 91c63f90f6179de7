import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Identity } from '../provider/provider.ts'
import type { Device } from '../screens/device.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { Index } from '../store/index-record.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'
import { createHoldings, HELD_MS, type Holding } from './holdings.ts'
import { createLeaving, type Leaving } from './leaving.ts'
import { createMarks, LONGEST_TEXT } from './marks.ts'
import type { Credential, Recipe } from './recipe.ts'

/**
 * What sessions hold inside their apps. Each credential is kept sealed before its browser or device gets it, and stays
 * kept until the app has ended it: what is kept of a session that is over is what is still to be done.
 */
export interface Inside {
  /** What a session holds; undefined when it has never been inside. */
  of(session: string): Promise<Holding | undefined>
  /**
   * Keeps a credential of a live session, before anybody gets it. `marks` are all the texts by which a request could
   * bring it along. Rejects when the store does, or the session has ended meanwhile: then nobody may get it.
   */
  keep(found: FoundSession, credential: Credential, marks: readonly string[]): Promise<void>
  /** Forgets a credential of a live session that has been ended at the app. */
  drop(found: FoundSession, secret: string): Promise<void>
  /** The session wants to be left alone: it is asked no more whether it wants in. */
  decline(found: FoundSession): Promise<void>
  /** Which session a text belongs to that came along as a credential of `app`; undefined: of none of ours. */
  markOf(app: string, text: string): string | undefined | Promise<string | undefined>
  /** Everything that is held, by sessions that go on and by those that are over. */
  all(): AsyncIterable<readonly [session: string, held: Holding]>
  /** Ends at the app a credential of a session that goes on. Rejects while the app cannot do it. */
  withdraw: Leaving['end']
  leave: Leaving['leave']
  /** What of somebody's is over here, and the app could not end when it was asked. */
  owedTo(person: Identity): Promise<Owed[]>
  close(): void
}

/** Somebody's device that is signed out here, and not yet inside the app. */
export type Owed = { app: string; device: Device }

/** What it is kept in. */
export type InsideParts = {
  clock: Clock
  log: Log
  keyring: Keyring
  records: Records<Holding>
  /** From the HMAC of a credential to the session that holds it. */
  marks: Records<{ session: string }>
  /** The sessions that hold something, in lists: some for the sweep, and one for each person. */
  lists: Index
  /** Whether a session has ended, run out, or may not open its app any more. */
  isOver(session: string): Promise<boolean>
  /** By the name of the app in the config; filled by whoever makes them, as they need what is kept here. */
  recipes: ReadonlyMap<string, Recipe>
}

/** The holdings of all apps, as one gateway sees them. */
export function createInside(parts: InsideParts): Inside {
  const { clock, keyring, lists } = parts
  const marks = createMarks({ clock, keyring, records: parts.marks })
  const holdings = createHoldings(parts)
  const leaving = createLeaving({ ...parts, holdings })
  const nameOf = ({ issuer, sub }: Identity) => JSON.stringify([issuer, sub])

  return {
    of: holdings.get,
    async keep({ key, session }, credential, texts) {
      const app = session.app as string
      if (texts.some((text) => text.length > LONGEST_TEXT)) throw new Error('a credential that nobody could know again')
      const until = clock.now() + HELD_MS
      const { approvedBy, device } = session
      await holdings.enlist(key)
      await lists.add(keyring.derive('inside of', nameOf(approvedBy)), key, until)
      await holdings.add(key, app, credential, device)
      for (const text of texts) await marks.set(app, text, key, until)
      // SECURITY: what a session that ends meanwhile was given would be ended by nobody. Test: what comes for a session that ends meanwhile reaches nobody, and is ended at the app
      if (await parts.isOver(key)) {
        await leaving.leave(key)
        throw new Error('the session is over')
      }
    },
    drop: ({ key, session }, secret) => holdings.drop(key, session.app as string, secret),
    decline: ({ key, session }) => holdings.decline(key, session.app as string),
    markOf: marks.of,
    async *all() {
      for await (const session of holdings.sessions()) {
        const held = await holdings.get(session)
        if (held !== undefined) yield [session, held]
      }
    },
    withdraw: leaving.end,
    leave: leaving.leave,
    async owedTo(person) {
      const sessions = await lists.list(...keyring.deriveAll('inside of', nameOf(person)))
      const held = await Promise.all(sessions.map(holdings.get))
      return held.flatMap((one) =>
        one?.owed === true && one.device !== undefined ? [{ app: one.app, device: one.device }] : [],
      )
    },
    close: leaving.close,
  }
}
