import { createBuckets } from '../lib/buckets.ts'
import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { repeat } from '../lib/repeat.ts'
import type { Holdings } from './holdings.ts'
import type { Credential, Recipe } from './recipe.ts'

/** What is over here, and has yet to be ended at its app. */
export interface Leaving {
  /** Ends at the app what the session `key` holds there, if it is over. Never rejects: the app is asked again later. */
  leave(key: string): Promise<void>
  /** Ends one credential at the app, and forgets it. Rejects while the app cannot do it. */
  end(key: string, app: string, credential: Credential): Promise<void>
  close(): void
}

type LeavingParts = {
  clock: Clock
  log: Log
  holdings: Holdings
  isOver(session: string): Promise<boolean>
  recipes: ReadonlyMap<string, Recipe>
}

/** How often what is over is looked for, and what an app could not end is tried again. */
const SWEEP_MS = MINUTE / 4

/** The leaving of all apps: one thing at a time of each, and none waits for another. */
export function createLeaving({ clock, log, holdings, isOver, recipes }: LeavingParts): Leaving {
  /** The apps that a sweep is still asking. */
  const underWay = new Set<string>()
  /** An app that is down would be told of at each sweep, for each session. */
  const told = createBuckets(clock, { burst: 1, everyMs: 10 * MINUTE, most: 64 })
  let closed = false

  async function leave(session: string): Promise<void> {
    let app: string | undefined
    try {
      const held = await holdings.get(session)
      if (held === undefined || !(await isOver(session))) return
      const { credentials } = held
      app = held.app
      let kept = 0
      for (const credential of credentials) {
        // SECURITY(replace: .catch(() => void kept++) → ): one that the app does not end would keep the others alive. Test: of what a session held, one thing that the app does not end keeps nothing else alive
        await end(session, held.app, credential).catch(() => void kept++)
      }
      if (kept > 0) throw new Error('not all of it')
      await holdings.forget(session, held.app)
      log.notice('left_app', { app })
    } catch {
      if (told.take(app ?? '') === 0) {
        log.notice('leaving_app_failed', { app, remedy: 'it is tried again until the app can be asked' })
      }
      // What the person reads of it; a store that fails too has more to tell.
      await holdings.owe(session).catch(() => undefined)
    }
  }

  async function end(session: string, app: string, credential: Credential): Promise<void> {
    await recipes.get(app)?.leave?.(credential)
    await holdings.drop(session, app, credential.secret)
  }

  async function sweep(): Promise<void> {
    // Where no app can be left there is nothing to look for.
    if (![...recipes.values()].some((recipe) => recipe.leave !== undefined)) return
    const over = new Map<string, string[]>()
    for await (const session of holdings.sessions()) {
      const held = (await isOver(session)) ? await holdings.get(session) : undefined
      if (held === undefined) continue
      const before = over.get(held.app)
      if (before === undefined) over.set(held.app, [session])
      else before.push(session)
    }
    for (const [app, sessions] of over) if (!underWay.has(app)) void leaveAll(app, sessions)
  }

  /** An app that hangs holds up its own alone, and gets one question at a time. */
  async function leaveAll(app: string, sessions: readonly string[]): Promise<void> {
    underWay.add(app)
    for (const session of sessions) if (!closed) await leave(session)
    underWay.delete(app)
  }

  const stop = repeat(clock, SWEEP_MS, () => sweep().catch(() => log.notice('store_fault', { part: 'inside' })))

  return {
    leave,
    end,
    close() {
      closed = true
      stop()
    },
  }
}
