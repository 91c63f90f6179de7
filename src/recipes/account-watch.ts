import type { Clock } from '../lib/clock.ts'
import { type Cancel, MINUTE } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { repeat } from '../lib/repeat.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Accounts } from './accounts.ts'
import type { Inside } from './inside.ts'
import type { Credential } from './recipe.ts'

type WatchParts = {
  clock: Clock
  log: Log
  inside: Pick<Inside, 'all' | 'withdraw'>
  sessions: Pick<Sessions, 'peek' | 'end'>
  /** By the name of the app. */
  accounts: ReadonlyMap<string, Pick<Accounts, 'people' | 'rules'>>
}

/** Whose credential a session holds. */
type Given = { session: string; credential: Credential }

/** One question to each app, however many screens there are. */
const LOOK_MS = 2 * MINUTE
/** Whoever could not be asked, or would not say, is not asked at once again: each refusal is a line in the log. */
const PATIENCE_MS = 5 * MINUTE

/**
 * Looks now and then whether the accounts that screens and native devices were given are still ordinary ones. What was
 * given of one that administers the app now is ended there; a native device, which has nothing else, is signed out.
 */
export function watchAccounts({ clock, log, inside, sessions, accounts }: WatchParts): Cancel {
  const waiting = new Map<string, number>()

  async function look(): Promise<void> {
    const watched = [...accounts].filter(([, { rules }]) => !rules.screenAdmin)
    if (watched.length === 0) return
    const given = new Map<string, Given[]>(watched.map(([app]) => [app, []]))
    for await (const [session, { app, credentials }] of inside.all())
      given.get(app)?.push(...credentials.map((credential) => ({ session, credential })))
    await Promise.all(watched.map(([app, { people }]) => lookAt(app, people, given.get(app) ?? [])))
  }

  async function lookAt(app: string, people: Accounts['people'], given: readonly Given[]): Promise<void> {
    if (!given.some(({ credential }) => credential.userId !== undefined)) return
    if (clock.now() < (waiting.get(app) ?? 0)) return
    const all = await people.all().catch(() => undefined)
    if (all === undefined) return void waiting.set(app, clock.now() + PATIENCE_MS)
    const administrators = new Set(all.filter(({ admin }) => admin).map(({ id }) => id))
    for (const one of given) {
      // What the app does not end now is looked at again.
      if (administrators.has(one.credential.userId ?? '')) await takeBack(app, one).catch(() => undefined)
    }
  }

  async function takeBack(app: string, { session, credential }: Given): Promise<void> {
    const found = await sessions.peek(session)
    // SECURITY(replace: found.session.kind === 'browser' → true): a screen in the living room is everybody's, whatever its account was when it got it. Test: what a screen or a native device holds of an account that has come to administer the app is taken back
    if (found === undefined || found.session.kind === 'browser') return
    const { kind } = found.session
    if (kind === 'native') await sessions.end(session, 'revoked')
    else await inside.withdraw(session, app, credential)
    log.notice('account_taken_back', { app, kind, reason: 'admin' })
  }

  return repeat(clock, LOOK_MS, () => look().catch(() => log.notice('store_fault', { part: 'inside' })))
}
