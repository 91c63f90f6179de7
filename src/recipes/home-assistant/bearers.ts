import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { SECOND } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import { limitedPrefixes } from '../../lib/prefixes.ts'
import { isSameSecret } from '../../lib/same-secret.ts'
import { setBounded } from '../../lib/set-bounded.ts'
import type { Identity } from '../../provider/provider.ts'
import type { App } from '../../traffic/app.ts'
import type { Inside } from '../inside.ts'
import type { Links } from '../links.ts'
import { ownerOf } from '../owner-of.ts'
import type { Asked, Holder } from '../recipe.ts'
import { refreshTokenIdOf } from './answers.ts'
import type { HomeAssistantClient } from './client.ts'
import type { Natives } from './natives.ts'
import { routeOf } from './route.ts'
import { fieldOf } from './token-rules.ts'

/** What a bearer's access token opens: of a browser's session only beside its cookie, of anybody else what Home Assistant says. */
export interface Bearers {
  tokenOf(asked: Asked): string | undefined
  holderOf(token: string, asked: Asked): Holder | Promise<Holder>
}

type BearersParts = {
  app: App
  links: Pick<Links, 'personsOf'>
  clock: Clock
  inside: Inside
  natives: Natives
  client: HomeAssistantClient
  /** The administrator's token, which nobody outside has any business with. */
  secret: string | undefined
}

/** What a token says of itself, and the user that Home Assistant has said it is. */
type Known = { isSignature: boolean; id: string | undefined; isSecret: boolean; user?: string }

const GOOD_MS = 10 * SECOND
const BAD_MS = 30 * SECOND
const REMEMBERED = 2000
/** Bad ones count against an address at Home Assistant as well. */
const TRIES = { burst: 20, everyMs: 3 * SECOND, most: 4096 }
/** Of all whose address is hidden: strangers must not use up the family's. */
const HIDDEN = { burst: 600, everyMs: SECOND / 10, most: 1 }

/** What stands for a credential that cannot be read as Home Assistant would: it has no form that one has. */
const UNREADABLE = 'unreadable credential'
/** None of Home Assistant's is a quarter of that. */
const LONGEST = 4096
/** In front of the signature of a path, which counts as whoever has had it signed, for that path. */
const SIGNED = 'signed '

const nobody: Holder = { kind: 'nobody' }
const refused = (why: string): Holder => ({ kind: 'refused', why })

/** Bearers at one Home Assistant. */
export function createBearers({ app, clock, inside, links, natives, client, secret }: BearersParts): Bearers {
  /** Told by its id as well: what follows a signature does not count. */
  const ownId = secret === undefined ? undefined : refreshTokenIdOf(secret)
  const judged = new Map<string, { holder: Holder; until: number }>()
  const tries = createBuckets(clock, TRIES)
  const hidden = createBuckets(clock, HIDDEN)

  /** A page sends the same one with every request, and what it says of itself never changes. */
  const known = new Map<string, Known>()

  function learn(token: string) {
    const learned = read(token)
    setBounded(known, REMEMBERED, token, learned)
    return learned
  }

  function read(token: string): Known {
    const isSignature = token.startsWith(SIGNED)
    const id = refreshTokenIdOf(isSignature ? token.slice(SIGNED.length) : token)
    const isSecret = secret !== undefined && (isSameSecret(token, secret) || (id !== undefined && id === ownId))
    return { isSignature, id, isSecret }
  }

  async function ownedBy(owner: string, { found }: Asked): Promise<Holder> {
    if (owner === found?.key) return nobody
    const native = await natives.find(owner)
    return native === undefined ? refused('other-session') : { kind: 'device', found: native }
  }

  /** Only where no cookie counts: whoever is signed in here is Home Assistant's own matter there. */
  function judge(token: string, asked: Asked): Holder | Promise<Holder> {
    // SECURITY(replace: routeOf(asked.target.path) → asked.target.path): a token in a socket's first message would be judged by nobody here. Test: where Home Assistant is for some, another spelling of its socket’s address is no way around
    if (asked.found !== undefined || !routeOf(asked.target.path).startsWith('/api/')) return nobody
    const before = judged.get(token)
    if (before !== undefined && clock.now() < before.until) return before.holder
    // SECURITY: each bad one is a question to Home Assistant, and a strike against the address. Test: bad bearers are limited for each network
    if (before?.holder.kind !== 'app' && isCrowded(asked.place)) return refused('too-many')
    return ask(token, asked.place.address)
  }

  function isCrowded(place: Place): boolean {
    const networks = limitedPrefixes(place)
    return (networks === undefined ? hidden.take('') : tries.take(networks.narrow)) > 0
  }

  async function ask(token: string, from: string): Promise<Holder> {
    const good = await client.isGood(token, from)
    const holder: Holder = good ? { kind: 'app', of: await personOf(token) } : refused('bad-token')
    setBounded(judged, REMEMBERED, token, { holder, until: clock.now() + (good ? GOOD_MS : BAD_MS) })
    return holder
  }

  /** Whom of ours a good one stands for, where the app is not for everybody. Its user never changes. */
  async function personOf(token: string): Promise<Identity | undefined> {
    if (app.allow === undefined || secret === undefined) return undefined
    const what = known.get(token) ?? learn(token)
    what.user ??= (await client.self(token)).id
    return ownerOf(links, app, what.user)
  }

  return {
    tokenOf({ fields, target }) {
      const bearer = bearerIn(fieldOf(fields, 'authorization'))
      const signature = signatureIn(target)
      if (bearer === undefined || signature === undefined) return bearer ?? signature
      // Home Assistant takes the second where it does not like the first.
      return refreshTokenIdOf(bearer) === refreshTokenIdOf(signature.slice(SIGNED.length)) ? bearer : UNREADABLE
    },
    holderOf(token, asked) {
      // SECURITY(replace: token === UNREADABLE → false): it would be nobody's here, and somebody's there. Test: an access token in another’s hands is refused, however it is spelled
      if (token === UNREADABLE) return refused('unreadable')
      // SECURITY: whose it is is not looked for in one that is longer, and what makes it longer counts for nothing there. Test: an access token in another’s hands is refused, however long it is made
      if (token.length > LONGEST) return refused('too-long')
      const { isSignature, id, isSecret } = known.get(token) ?? learn(token)
      // SECURITY: the key to everything is for this program alone, wherever somebody has it from. Test: the administrator's token is refused from outside
      if (isSecret) return refused('administrator')
      const owner = id === undefined ? undefined : inside.markOf(app.name, id)
      const unknown = () => (isSignature ? nobody : judge(token, asked))
      if (owner instanceof Promise)
        return owner.then((later) => (later === undefined ? unknown() : ownedBy(later, asked)))
      return owner === undefined ? unknown() : owner === asked.found?.key ? nobody : ownedBy(owner, asked)
    },
  }
}

/** Home Assistant is lenient with what follows the scheme: it skips letters that belong to no signature. */
function bearerIn(value: string | undefined): string | undefined {
  if (value === undefined || !/^Bearer(\s|$)/i.test(value)) return undefined
  return /^Bearer +([\w.~+/=-]{8,4096})$/i.exec(value)?.[1] ?? UNREADABLE
}

/** A path that Home Assistant has signed for somebody (`auth/sign_path`): pictures and players bring no other credential. */
function signatureIn({ text, path }: Asked['target']): string | undefined {
  if (text.length === path.length || !/authSig|%/.test(text.slice(path.length))) return undefined
  const all = new URLSearchParams(text.slice(path.length + 1)).getAll('authSig')
  return all.length === 0 ? undefined : all.length > 1 ? UNREADABLE : SIGNED + all[0]
}
