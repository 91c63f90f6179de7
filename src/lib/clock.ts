/** The only source of time. Everything that waits or compares times takes one, so that a test can turn it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Calls `run` once after `ms` milliseconds unless cancelled; never keeps the process alive. */
  after(ms: number, run: () => void): Cancel
}

/** Takes back a planned call; harmless when it has already run. */
export type Cancel = () => void

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms` milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  clock.after(ms, resolve)
  return promise
}

/** What comes of `work`, or `late` once `ms` have passed; the work itself goes on. */
export function within<Outcome, Late>(
  clock: Clock,
  ms: number,
  work: Promise<Outcome>,
  late: Late,
): Promise<Outcome | Late> {
  const { promise, resolve } = Promise.withResolvers<Late>()
  const cancel = clock.after(ms, () => resolve(late))
  return Promise.race([work, promise]).finally(cancel)
}

/** Calls `run` when the events of this turn of the loop have been seen to, before time goes on. */
export function afterThisTurn(run: () => void): void {
  setImmediate(run)
}

/** Milliseconds. */
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
