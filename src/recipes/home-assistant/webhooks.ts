import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { DAY, HOUR } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Place } from '../../lib/place.ts'
import { limitedPrefixes } from '../../lib/prefixes.ts'
import { isObject, isText } from '../../lib/shape.ts'
import { times } from '../../lib/times.ts'
import type { Keyring } from '../../store/keyring.ts'
import type { Held, Records } from '../../store/records.ts'
import type { Inside } from '../inside.ts'
import type { Asked, Holder, RecipeCallers, Rule, Seen } from '../recipe.ts'
import { readJson, refreshTokenIdOf } from './answers.ts'
import type { Bearers } from './bearers.ts'
import { createCallers } from './callers.ts'
import type { HomeAssistantClient } from './client.ts'
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
  /** Those that pass, listed by nobody and with nobody of ours behind them. */
  callers: RecipeCallers
}

/**
 * One id: the native device's session that it came with; or, where nobody of ours stands behind it, when and from where it
 * was called. The id itself is kept nowhere.
 */
export type Hook = { session?: string; called?: Called; shut?: true }

type Called = { at: number; place: Place }

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
  /** What Home Assistant says of its webhooks; undefined where it cannot be asked for want of a token. */
  list: HomeAssistantClient['webhooks'] | undefined
}

const LEARN_MS = 7 * DAY
/** Sensors call every few seconds, and nobody wants to know it to the minute. */
const NOTE_MS = HOUR
/** No house has more of them than that; each is a question to Home Assistant. */
const LEARNED = { burst: 20, everyMs: DAY, most: 256 }
/** What Home Assistant and its apps make up; others pass where the operator lists them. */
const LONG = /^[\w-]{16,128}$/
const isRegistration = isObject({ webhook_id: isText })

/** The webhooks of one Home Assistant. */
export function createWebhooks(parts: WebhooksParts): Webhooks {
  const { app, clock, log, keyring, inside, natives, hooks, begun } = parts
  const open = new Set(parts.open)
  const tries = createBuckets(clock, LEARNED)
  const keysOf = (id: string) => keyring.deriveAll('webhook', `${app} ${id}`)
  const keyOf = (id: string) => keyring.derive('webhook', `${app} ${id}`)
  const until = () => clock.now() + times.device

  /** Ids from before there was a gate pass for a week, and from then on those that were used in it. */
  async function isLearning(): Promise<boolean> {
    if (!parts.learn) return false
    const since = (await begun.get('begun'))?.value ?? (await begin())
    return clock.now() - since < LEARN_MS
  }

  /** Once, however often it comes; the time that it came now (milliseconds since the epoch). */
  async function begin(): Promise<number> {
    const now = clock.now()
    await begun.create('begun', now, now + 10 * times.device)
    return now
  }

  /** Keeps when and from where one was called that nobody stands behind, as long as it is called at all. */
  async function note(key: string, place: Place): Promise<void> {
    const called = { at: clock.now(), place }
    await hooks.change([key], (hook) => hook && { value: { ...hook, called }, expiresAt: until() })
  }

  async function holderBy({ id: key, value: { session, called, shut } }: Held<Hook>, place: Place): Promise<Holder> {
    // SECURITY(replace: shut → false): Home Assistant would go on taking it. Test: a caller of before is shut out by whoever looks after Home Assistant, and passes again when they say so
    if (shut) return { kind: 'refused', why: 'shut' }
    if (session === undefined) {
      if (clock.now() - (called?.at ?? 0) > NOTE_MS)
        note(key, place).catch(() => log.notice('store_fault', { part: 'webhooks' }))
      return { kind: 'app' }
    }
    const found = await natives.find(session)
    // SECURITY(replace: { kind: 'refused', why: 'device-signed-out' } → { kind: 'app' }): Home Assistant would go on taking what a lost phone sends. Test: a webhook is shut with the device that registered it
    return found === undefined ? { kind: 'refused', why: 'device-signed-out' } : { kind: 'device', found }
  }

  async function learn(id: string, place: Place): Promise<Holder> {
    // SECURITY: an id that nobody knows opens nothing. Test: a webhook that nobody registered is refused
    if (!(await isLearning())) return { kind: 'nobody' }
    // SECURITY: in that week anybody could keep Home Assistant busy. Test: a stranger does not fill the list of what is learned
    if (tries.take(limitedPrefixes(place)?.wide ?? '') > 0) return { kind: 'nobody' }
    // SECURITY: whoever looks the list through would find what strangers have made up. Test: a stranger does not fill the list of what is learned
    if ((await parts.list?.())?.every((one) => one.id !== id)) return { kind: 'nobody' }
    await hooks.create(keyOf(id), { called: { at: clock.now(), place } }, until())
    log.notice('webhook_learned', { app })
    return { kind: 'app' }
  }

  // The week begins with the gateway: begun by the first call, a house without webhooks would keep it for a stranger.
  if (parts.learn) begin().catch(() => log.notice('store_fault', { part: 'webhooks' }))

  return {
    idIn(path) {
      const id = /^\/api\/webhook\/([\w.~-]{1,255})$/.exec(path)?.[1]
      return id !== undefined && (open.has(id) || LONG.test(id)) ? id : undefined
    },
    isListed: (id) => open.has(id),
    async holderOf(id, place) {
      const held = await hooks.find(keysOf(id))
      return held === undefined ? learn(id, place) : holderBy(held, place)
    },
    registration: {
      readsBody: true,
      async observe(asked: Asked, _body: Buffer, { status, body }: Seen) {
        const json = readJson(body)
        if (status !== 201 || !isRegistration(json)) return undefined
        const token = parts.bearers.tokenOf(asked)
        const session = token === undefined ? undefined : await sessionOf(token)
        const { webhook_id: id } = json as { webhook_id: string }
        const { place } = asked
        await hooks.create(
          keyOf(id),
          session === undefined ? { called: { at: clock.now(), place } } : { session },
          until(),
        )
        return undefined
      },
    },
    callers: createCallers({ hooks, open, keysOf, until, list: parts.list ?? (async () => []) }),
  }

  /** Whose device holds this access token. */
  async function sessionOf(token: string): Promise<string | undefined> {
    const id = refreshTokenIdOf(token)
    return id === undefined ? undefined : inside.markOf(app, id)
  }
}
