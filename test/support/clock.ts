import type { Clock } from '../../src/lib/clock.ts'

/**
 * Event-loop turns given to sockets of this process between two planned calls. What another process or thread does
 * (files, DNS) takes real time: a test has to wait for its outcome.
 */
const TURNS = 25

/** A clock that stands still until it is turned. */
export type FakeClock = Clock & {
  /** Moves on by `ms`, running what falls due in order of time, each with room for its I/O to continue. */
  advance(ms: number): Promise<void>
  /** Jumps ahead by `ms`, as on a machine that slept: what fell due meanwhile runs now, once. */
  leap(ms: number): Promise<void>
  /** How many planned calls have neither run nor been cancelled. */
  pending(): number
}

/** A fake clock that shows `start` (milliseconds since the epoch). */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start
  const planned = new Set<{ at: number; run: () => void }>()

  // A set keeps the order of planning, so that of two calls for the same moment the first planned runs first.
  function nextUntil(end: number) {
    let next: { at: number; run: () => void } | undefined
    for (const call of planned) if (call.at <= end && (next === undefined || call.at < next.at)) next = call
    return next
  }

  return {
    now: () => now,
    after(ms, run) {
      const call = { at: now + Math.max(0, ms), run }
      planned.add(call)
      return () => planned.delete(call)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (let call = nextUntil(end); call !== undefined; call = nextUntil(end)) {
        planned.delete(call)
        now = Math.max(now, call.at)
        call.run()
        await settle()
      }
      now = Math.max(now, end)
      await settle()
    },
    async leap(ms) {
      await settle()
      now += ms
      for (const call of [...planned].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) {
        if (planned.delete(call)) call.run()
      }
      await settle()
    },
    pending: () => planned.size,
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
}
