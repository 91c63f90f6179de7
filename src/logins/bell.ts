import type { Clock } from '../lib/clock.ts'

/** Wakes whoever waits for a thing to change. Rings are not kept: read the thing before you wait for it. */
export interface Bell {
  /** Resolves at the next ring for `id`, or after `ms`. */
  wait(id: string, ms: number): Promise<void>
  ring(id: string): void
  /** Wakes everybody, for closing. */
  ringAll(): void
}

/** A bell in this process; `news.ts` rings it for what happens in others. */
export function createBell(clock: Clock): Bell {
  const waiting = new Map<string, Set<() => void>>()
  const ring = (id: string) => {
    const wakers = waiting.get(id)
    waiting.delete(id)
    for (const wake of wakers ?? []) wake()
  }
  return {
    wait(id, ms) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const wakers = waiting.get(id) ?? new Set()
      waiting.set(id, wakers)
      const cancel = clock.after(ms, () => {
        wakers.delete(wake)
        if (wakers.size === 0 && waiting.get(id) === wakers) waiting.delete(id)
        resolve()
      })
      const wake = () => {
        cancel()
        resolve()
      }
      wakers.add(wake)
      return promise
    },
    ring,
    ringAll() {
      for (const id of [...waiting.keys()]) ring(id)
    },
  }
}
