import { createBuckets } from '../../lib/buckets.ts'
import type { Clock } from '../../lib/clock.ts'
import { MINUTE, SECOND } from '../../lib/clock.ts'
import type { Place } from '../../lib/place.ts'
import { limitedPrefixes } from '../../lib/prefixes.ts'
import { setBounded } from '../../lib/set-bounded.ts'
import type { JellyfinClient } from './client.ts'

/** What Jellyfin says of a token. `limited`: it was not asked, as somebody there tries too many. */
export type Verdict = Awaited<ReturnType<JellyfinClient['whose']>> | { kind: 'limited' }

/** Whose tokens are, as Jellyfin says, asked once a minute for each. No promise when it is known. */
export type Verdicts = (token: string, place: Place) => Verdict | Promise<Verdict>

/** A player asks for a segment every few seconds; a device that is removed in Jellyfin itself is gone after this long. */
const KNOWN_MS = MINUTE
/** One that is refused may be let in a moment later. */
const REFUSED_MS = 5 * SECOND
const MOST = 5_000

/** Of tokens that are not known yet. A home that wakes up brings a dozen. */
const NARROW = { burst: 60, everyMs: SECOND, most: 4096 }
const WIDE = { burst: 480, everyMs: SECOND / 4, most: 4096 }
/** Of all whose address is hidden. */
const HIDDEN = { burst: 600, everyMs: SECOND / 10, most: 1 }

/** The verdicts of one app, as one gateway remembers them. */
export function createVerdicts(client: Pick<JellyfinClient, 'whose'>, clock: Clock): Verdicts {
  const known = new Map<string, { verdict: Verdict; until: number }>()
  const asking = new Map<string, Promise<Verdict>>()
  const narrow = createBuckets(clock, NARROW)
  const wide = createBuckets(clock, WIDE)
  const hidden = createBuckets(clock, HIDDEN)

  function isLimited(place: Place): boolean {
    const networks = limitedPrefixes(place)
    const wait = networks === undefined ? hidden.take('') : narrow.take(networks.narrow) || wide.take(networks.wide)
    return wait > 0
  }

  async function ask(token: string, place: Place): Promise<Verdict> {
    try {
      const verdict = await client.whose(token, place)
      const life = verdict.kind === 'nobody' ? REFUSED_MS : KNOWN_MS
      setBounded(known, MOST, token, { verdict, until: clock.now() + life })
      return verdict
    } finally {
      asking.delete(token)
    }
  }

  return (token, place) => {
    const before = known.get(token)
    if (before !== undefined && clock.now() < before.until) return before.verdict
    const under = asking.get(token)
    if (under !== undefined) return under
    // SECURITY(replace: before?.verdict.kind !== 'user' → false): each guess would cost Jellyfin an answer. Test: whoever tries tokens by the hundred is not asked about at Jellyfin any more
    const isGuess = before?.verdict.kind !== 'user'
    if (isGuess && isLimited(place)) return { kind: 'limited' }
    known.delete(token)
    const asked = ask(token, place)
    asking.set(token, asked)
    return asked
  }
}
