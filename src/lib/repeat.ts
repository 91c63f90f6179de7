import type { Cancel, Clock } from './clock.ts'

/**
 * Calls `run` again and again, each time `everyMs` after the last call is over; the result ends that. What a call throws
 * is left to the next one: only for work that can be late.
 */
export function repeat(clock: Clock, everyMs: number, run: () => void | Promise<void>): Cancel {
  let stopped = false
  let cancel = plan()

  function plan(): Cancel {
    return clock.after(everyMs, () => void tick())
  }

  async function tick(): Promise<void> {
    try {
      await run()
    } catch {
      // The next call does what this one has not.
    }
    if (!stopped) cancel = plan()
  }

  return () => {
    stopped = true
    cancel()
  }
}
