import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE, SECOND } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Place } from '../../lib/place.ts'
import type { Identity } from '../../provider/provider.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Records } from '../../store/records.ts'
import { AppFault } from '../app-fault.ts'
import type { Links } from '../links.ts'
import type { EntryFailure, RecipePeople } from '../recipe.ts'
import { type SignInRules, whoInside } from '../who-inside.ts'
import type { HomeAssistantClient, LoginClient } from './client.ts'
import type { OneTime } from './one-time.ts'

/** Codes of Home Assistant's, and which session each is for. */
export interface Bridge {
  /** A code that we have Home Assistant make for this session's person, or why there is none. */
  codeFor(found: FoundSession, client: LoginClient, place: Place): Promise<Coded>
  /** Home Assistant's own page has got this code in a browser of this session. */
  note(code: string, found: FoundSession): Promise<void>
  /** What a code was made for; undefined when nobody has seen it being made. */
  madeFor(code: string): Promise<Made | undefined>
  /** It has been redeemed, or never will be. */
  done(code: string): Promise<void>
}

/** `asks-itself`: Home Assistant's own page has to ask, for a second factor or whatever else it wants to know. */
export type Coded = { code: string } | { failed: EntryFailure | 'asks-itself' }

/** One code: for which session, whose, and, where it is ours, the name that has to go and the user whom it signs in. */
export type Made = { session: string; person: Identity; name?: string; userId?: string }

type BridgeParts = {
  app: string
  clock: Clock
  log: Log
  keyring: Keyring
  links: Links
  rules: SignInRules
  people: RecipePeople
  client: HomeAssistantClient
  oneTime: OneTime
  codes: Records<Made>
}

const CODE_MS = 10 * MINUTE
/** Of one session; nobody opens as many tabs in that time. */
const TRIES = { burst: 20, everyMs: 10 * SECOND, most: 4096 }

/** Signs somebody in at Home Assistant as its own page would, by a name and password that exist for that moment. */
export function createBridge(parts: BridgeParts): Bridge {
  const { app, clock, log, keyring, client, oneTime, codes } = parts
  const tries = createBuckets(clock, TRIES)
  const read = (code: string) => codes.get(keyring.derive('code', `${app} ${code}`))

  const keep = (code: string, made: Made) =>
    codes.create(keyring.derive('code', `${app} ${code}`), made, clock.now() + CODE_MS)

  async function make(found: FoundSession, login: LoginClient, place: Place): Promise<Coded> {
    // SECURITY: a link is enough to have one made, and each costs Home Assistant two password hashes. Test: a site that leads a browser to the sign-in again and again keeps Home Assistant busy for a moment only
    if (tries.take(found.key) > 0) return { failed: 'asks-itself' }
    const { actsAs, approvedBy, kind } = found.session
    const who = await whoInside(app, actsAs, kind, parts)
    if ('failed' in who) {
      log.notice('not_taken_in', { app, reason: who.failed })
      return who
    }
    const credential = await oneTime.make(who.user.id)
    const code = await client.codeFor(credential, login, place.address).catch(async (error: unknown) => {
      await oneTime.forget(credential.name)
      throw error
    })
    if (code === undefined) {
      // A second factor, or an address from which this account may not come: its own page knows how to say that.
      await oneTime.forget(credential.name)
      log.notice('not_taken_in', { app, reason: 'asks-itself' })
      return { failed: 'asks-itself' }
    }
    await keep(code, { session: found.key, person: approvedBy, name: credential.name, userId: who.user.id })
    return { code }
  }

  return {
    async codeFor(found, login, place) {
      try {
        return await make(found, login, place)
      } catch (error) {
        if (!(error instanceof AppFault)) throw error
        log.warn(error.reason === 'app-down' ? 'app_down' : 'app_refuses', {
          app,
          reason: error.message,
          remedy: 'entryphone check --online says what is missing',
        })
        return { failed: error.reason }
      }
    },
    async note(code, { key, session }) {
      await keep(code, { session: key, person: session.approvedBy })
    },
    madeFor: async (code) => (await read(code))?.value,
    async done(code) {
      const made = await read(code)
      if (made === undefined) return
      await codes.remove(made)
      if (made.value.name !== undefined) await oneTime.forget(made.value.name)
    },
  }
}
