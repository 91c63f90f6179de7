import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { repeat } from '../lib/repeat.ts'
import { isSameSecret } from '../lib/same-secret.ts'
import { times } from '../lib/times.ts'
import type { Identity } from '../provider/provider.ts'
import type { Device } from '../screens/device.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { Index } from '../store/index-record.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'
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
  /** Ends at the app what the session `key` holds there, if it is over. Never rejects: the app is asked again later. */
  leave(key: string): Promise<void>
  /** What of somebody's is over here, and the app could not end when it was asked. */
  owedTo(person: Identity): Promise<Owed[]>
  close(): void
}

/** What one session holds inside its app. */
export type Holding = {
  app: string
  credentials: readonly Credential[]
  /** "Open it as it is": the person wants the app's own sign-in. */
  declined: boolean
  /** On which device. */
  device?: Device
  /** The app was asked to end it, and could not. */
  owed?: true
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

/** How often what is over is looked for, and what an app could not end is tried again. */
const SWEEP_MS = MINUTE / 4
/** No app's credential that is used outlives its session by more: a mark may go when nothing could be replayed. */
const MARK_MS = times.device + times.ours.idle
/** One list holds a thousand. */
const LISTS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The holdings of all apps, as one gateway sees them. */
export function createInside(parts: InsideParts): Inside {
  const { clock, log, keyring, records, lists, recipes } = parts
  const marks = createMarks({ clock, keyring, records: parts.marks })
  const listOf = (session: string) => `inside ${LISTS.includes(session[0] as string) ? session[0] : '-'}`
  const nameOf = ({ issuer, sub }: Identity) => JSON.stringify([issuer, sub])

  async function change(session: string, app: string, edit: (held: Holding) => Holding | undefined): Promise<void> {
    await records.change([session], (held) => {
      const value = edit(held ?? { app, credentials: [], declined: false })
      return value === undefined ? 'removed' : { value, expiresAt: clock.now() + MARK_MS }
    })
  }

  function drop(session: string, app: string, secret: string): Promise<void> {
    return change(session, app, (held) => ({ ...held, credentials: without(held, secret) }))
  }

  async function leave(session: string): Promise<void> {
    try {
      const held = await records.get(session)
      if (held === undefined || !(await parts.isOver(session))) return
      const { app, credentials } = held.value
      let kept = 0
      for (const credential of credentials) {
        // SECURITY(replace: .catch(() => void kept++) → ): one that the app does not end would keep the others alive. Test: of what a session held, one thing that the app does not end keeps nothing else alive
        await part(session, app, credential).catch(() => void kept++)
      }
      if (kept > 0) throw new Error('not all of it')
      await change(session, app, (now) => (now.credentials.length === 0 ? undefined : now))
      await lists.remove(listOf(session), session)
      log.notice('left_app', { app })
    } catch {
      log.notice('leaving_app_failed', { remedy: 'it is tried again until the app can be asked' })
      // What the person reads of it; a store that fails too has more to tell.
      await owe(session).catch(() => undefined)
    }
  }

  async function part(session: string, app: string, credential: Credential): Promise<void> {
    await recipes.get(app)?.leave?.(credential)
    await drop(session, app, credential.secret)
  }

  async function owe(session: string): Promise<void> {
    const held = await records.get(session)
    if (held === undefined || held.value.owed) return
    await change(session, held.value.app, (now) => (now.credentials.length === 0 ? now : { ...now, owed: true }))
    // Another gateway that has left it at the same time may have taken it off.
    await lists.add(listOf(session), session, clock.now() + MARK_MS)
  }

  async function sweep(): Promise<void> {
    // Where no app can be left there is nothing to look for.
    if (![...recipes.values()].some((recipe) => recipe.leave !== undefined)) return
    for (const first of LISTS) {
      for (const session of await lists.list(`inside ${first}`)) if (await parts.isOver(session)) await leave(session)
    }
  }

  const stop = repeat(clock, SWEEP_MS, () => sweep().catch(() => log.notice('store_fault', { part: 'inside' })))

  return {
    of: async (session) => (await records.get(session))?.value,
    async keep({ key, session }, credential, texts) {
      const app = session.app as string
      if (texts.some((text) => text.length > LONGEST_TEXT)) throw new Error('a credential that nobody could know again')
      const until = clock.now() + MARK_MS
      const { approvedBy, device } = session
      await lists.add(listOf(key), key, until)
      await lists.add(keyring.derive('inside of', nameOf(approvedBy)), key, until)
      // Once, however often it comes: two gateways may see the same one at once.
      const { secret } = credential
      await change(key, app, (held) => ({ ...held, app, device, credentials: [...without(held, secret), credential] }))
      for (const text of texts) await marks.set(app, text, key, until)
      // SECURITY: what a session that ends meanwhile was given would be ended by nobody. Test: what comes for a session that ends meanwhile reaches nobody, and is ended at the app
      if (await parts.isOver(key)) {
        await leave(key)
        throw new Error('the session is over')
      }
    },
    drop: ({ key, session }, secret) => drop(key, session.app as string, secret),
    decline: ({ key, session }) => change(key, session.app as string, (held) => ({ ...held, declined: true })),
    markOf: marks.of,
    leave,
    async owedTo(person) {
      const sessions = await lists.list(...keyring.deriveAll('inside of', nameOf(person)))
      const held = await Promise.all(sessions.map((session) => records.get(session)))
      return held.flatMap((one) => {
        if (one?.value.owed !== true || one.value.device === undefined) return []
        return [{ app: one.value.app, device: one.value.device }]
      })
    },
    close: stop,
  }
}

function without({ credentials }: Holding, ended: string): Credential[] {
  return credentials.filter((one) => !isSameSecret(one.secret, ended))
}
