import { SECOND, systemClock } from '../lib/clock.ts'

/** The terminal and whatever started us may both send the same press of Ctrl-C. */
const SAME_PRESS_MS = SECOND / 2

/** Resolves at Ctrl-C or when told to stop. Told so a second time, the process ends at once. */
export function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let toldAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = systemClock.now()
      toldAt ??= now
      if (now - toldAt > SAME_PRESS_MS) process.exit(1)
      resolve()
    })
  }
  return promise
}
