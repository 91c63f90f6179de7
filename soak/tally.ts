/** What was done, and what was not answered as it should have been: while something was broken on purpose, and otherwise. */
export type Tally = {
  done(kind: string): void
  /** `what` is one of few words: they are counted by it. */
  lost(kind: string, what: string): void
  /** What must never happen, whatever is broken. */
  never(what: string): void
  /** Something is broken from here on, until the result is called and a little longer, for what is still under way. */
  broken(): () => void
  report(): { lines: string[]; problems: string[] }
}

const SETTLE_MS = 5000

/** Counts of one soak. */
export function createTally(): Tally {
  const done = new Map<string, number>()
  const excused = new Map<string, number>()
  const lost = new Map<string, number>()
  const never = new Map<string, number>()
  let faults = 0
  const add = (counts: Map<string, number>, key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1)
  const list = (counts: Map<string, number>) => [...counts].map(([key, count]) => `${key} ${count}`).join(', ')
  return {
    done: (kind) => add(done, kind),
    lost: (kind, what) => add(faults > 0 ? excused : lost, `${kind}: ${what}`),
    never: (what) => add(never, what),
    broken() {
      faults++
      return () => void setTimeout(() => faults--, SETTLE_MS).unref()
    },
    report: () => ({
      lines: [
        `done: ${list(done) || 'nothing'}`,
        `lost while something was broken on purpose: ${list(excused) || 'nothing'}`,
      ],
      problems: [
        ...(lost.size > 0 ? [`lost although nothing was broken: ${list(lost)}`] : []),
        ...(never.size > 0 ? [`must never happen: ${list(never)}`] : []),
        ...(done.size === 0 ? ['nothing was done at all'] : []),
      ],
    }),
  }
}
