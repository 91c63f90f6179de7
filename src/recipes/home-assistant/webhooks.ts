import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { DAY } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Place } from '../../lib/place.ts'
import { limitedPrefixes } from '../../lib/prefixes.ts'
import { isObject, isText } from '../../lib/shape.ts'
import { times } from '../../lib/times.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Records } from '../../store/records.ts'
import type { Inside } from '../inside.ts'
import type { Asked, Holder, Rule, Seen } from '../recipe.ts'
import { readJson, refreshTokenIdOf } from './answers.ts'
import type { Bearers } from './bearers.ts'
import type { Natives } from './natives.ts'

/**
 * Webhooks: an id in the path is all that Home Assistant wants, and it goes on taking it when the device that registered it
 * has been signed out. Here it passes while that device is let in, or where the operator lists it.
 */
export interface Webhooks {
  /** The id in a path; undefined in every other path. */
  idIn(path: string): string | undefined
  /** Whether the operator lists it. */
  isListed(id: string): boolean
  holderOf(id: string, place: Place): Promise<Holder>
  /** `POST /api/mobile_app/registrations`: sees who registers what. */
  registration: Rule
}

/** One id, and the native device's session that it came with; none where it was learned. */
export type Hook = { session?: string }

type WebhooksParts = {
  app: string
  clock: Clock
  log: Log
  keyring: Keyring
  inside: Inside
  natives: Natives
  bearers: Bearers
  hooks: Records<Hook>
  /** When the recipe was first there. */
  begun: Records<number>
  /** Listed by the operator. */
  open: readonly string[]
  learn: boolean
}

const LEARN_MS = 7 * DAY
/** No house has more of them than that; what is none of Home Assistant's does nothing there. */
const LEARNED = { burst: 20, everyMs: DAY, most: 256 }
const isRegistration = isObject({ webhook_id: isText })

/** The webhooks of one Home Assistant. */
export function createWebhooks(parts: WebhooksParts): Webhooks {
  const { app, clock, log, keyring, inside, natives, hooks, begun } = parts
  const open = new Set(parts.open)
  const tries = createBuckets(clock, LEARNED)
  const keyOf = (id: string) => keyring.derive('webhook', `${app} ${id}`)

  /** Ids from before there was a gate pass for a week, and from then on those that were used in it. */
  async function isLearning(): Promise<boolean> {
    if (!parts.learn) return false
    const now = clock.now()
    await begun.create('begun', now, now + 10 * times.device)
    const since = (await begun.get('begun'))?.value ?? now
    return now - since < LEARN_MS
  }

  return {
    idIn: (path) => /^\/api\/webhook\/([\w-]{16,128})$/.exec(path)?.[1],
    isListed: (id) => open.has(id),
    async holderOf(id, place) {
      const hook = (await hooks.find(keyring.deriveAll('webhook', `${app} ${id}`)))?.value
      if (hook !== undefined) {
        if (hook.session === undefined) return { kind: 'app' }
        const found = await natives.find(hook.session)
        // SECURITY(replace: { kind: 'refused', why: 'device-signed-out' } → { kind: 'app' }): Home Assistant would go on taking what a lost phone sends. Test: a webhook is shut with the device that registered it
        return found === undefined ? { kind: 'refused', why: 'device-signed-out' } : { kind: 'device', found }
      }
      // SECURITY: an id that nobody knows opens nothing. Test: a webhook that nobody registered is refused
      if (!(await isLearning())) return { kind: 'nobody' }
      // SECURITY: in that week anybody could fill the store. Test: a stranger does not fill the list of what is learned
      if (tries.take(limitedPrefixes(place)?.wide ?? '') > 0) return { kind: 'nobody' }
      await hooks.create(keyOf(id), {}, clock.now() + times.device)
      log.notice('webhook_learned', { app })
      return { kind: 'app' }
    },
    registration: {
      readsBody: true,
      async observe(asked: Asked, _body: Buffer, { status, body }: Seen) {
        const json = readJson(body)
        if (status !== 201 || !isRegistration(json)) return undefined
        const token = parts.bearers.tokenOf(asked)
        const session = token === undefined ? undefined : await sessionOf(token)
        const { webhook_id: id } = json as { webhook_id: string }
        await hooks.create(keyOf(id), session === undefined ? {} : { session }, clock.now() + times.device)
        return undefined
      },
    },
  }

  /** Whose device holds this access token. */
  async function sessionOf(token: string): Promise<string | undefined> {
    const id = refreshTokenIdOf(token)
    return id === undefined ? undefined : inside.markOf(app, id)
  }
}
