import type { Clock } from '../lib/clock.ts'
import { MINUTE } from '../lib/clock.ts'
import { chooseSurplus, type Surplus } from '../lib/let-go.ts'
import { prefixesOf } from '../lib/prefixes.ts'

/**
 * What strangers have begun and nobody has decided, counted so that it stays bounded: a full table lets go of something
 * and refuses nobody.
 */
export interface Pending {
  /**
   * Counts one more, begun from `address`; `known`: by a device that somebody has let in before. The result is the id
   * that has to go for it.
   */
  add(id: string, address: string, known?: boolean): string | undefined
  /** Its device is there and waits. */
  seen(id: string): void
  /** A phone has opened it. */
  opened(id: string): void
  /** It is over, or in the hands of a person who is signed in. */
  leave(id: string): void
  size(): number
}

/** How many at once, and how long its record lives at first, and once somebody cares for it. */
export type PendingSize = { most: number; lifeMs: number; keptMs: number }

type Victim = Surplus & { id: string }

type Entry = { network: string; endsAt: number; seenAt: number; known: boolean; opened: boolean }

/** Polls are at most 25 s apart, and every other one may go to another gateway. */
const AWAKE = 2 * MINUTE

/**
 * What has been begun here; each gateway counts its own. About 250 bytes each. `tell` hears of each network that one has
 * to go of.
 */
export function createPending(
  clock: Clock,
  { most, lifeMs, keptMs }: PendingSize,
  tell: (network: string) => void,
): Pending {
  const entries = new Map<string, Entry>()
  let victims: Victim[] = []

  /** From 0, what nobody would miss, to 2, what somebody holds in their hand. */
  function standing({ seenAt, known, opened }: Entry, now: number): number {
    if (opened) return 2
    return known || now - seenAt < AWAKE ? 1 : 0
  }

  function chooseVictims(now: number): Victim[] {
    const all: Victim[] = []
    for (const [id, entry] of entries) {
      if (entry.endsAt <= now) entries.delete(id)
      else all.push({ id, network: entry.network, rank: standing(entry, now) })
    }
    return chooseSurplus(all, most)
  }

  function takeVictim(now: number): string | undefined {
    if (victims.length === 0) victims = chooseVictims(now).reverse()
    if (entries.size < most) return undefined
    for (let next = victims.pop(); next !== undefined; next = victims.pop()) {
      const entry = entries.get(next.id)
      // Since it was chosen somebody may have come for it.
      if (entry === undefined || standing(entry, now) > next.rank) continue
      entries.delete(next.id)
      tell(next.network)
      return next.id
    }
    return takeVictim(now)
  }

  return {
    add(id, address, known = false) {
      const now = clock.now()
      // SECURITY(replace: >= most → < 0): strangers would fill the store. Test: D12: whoever begins logins without end pushes out their own
      const victim = entries.size >= most ? takeVictim(now) : undefined
      const { wide } = prefixesOf(address)
      entries.set(id, { network: wide, endsAt: now + lifeMs, seenAt: Number.NEGATIVE_INFINITY, known, opened: false })
      return victim
    },
    seen(id) {
      const entry = entries.get(id)
      if (entry === undefined) return
      entry.seenAt = clock.now()
      entry.endsAt = entry.seenAt + keptMs
    },
    opened(id) {
      const entry = entries.get(id)
      if (entry === undefined) return
      entry.opened = true
      entry.endsAt = clock.now() + keptMs
    },
    leave: (id) => void entries.delete(id),
    size: () => entries.size,
  }
}
