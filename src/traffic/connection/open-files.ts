import { readFileSync } from 'node:fs'

/** What a process may have open where the system does not say: macOS gives Node this many and more. */
const USUAL = 10_240

/** The database, the log, the feed, the listeners, and what Node itself has open. */
const OURS = 64

/** Beyond this the memory is the limit: a connection takes some 20 kB, with TLS 50. */
const MOST = 20_000

/** How many connections may be open: each may need one more to an app. At least 16. */
export function connectionsFor(openFiles: number): number {
  return Math.max(16, Math.min(MOST, Math.floor((openFiles - OURS) / 2)))
}

/** How many files and sockets this process may have open (`ulimit -n`; Node raises it as far as it may). */
export function readOpenFiles(): number {
  try {
    return openFilesIn(readFileSync('/proc/self/limits', 'latin1'))
  } catch {
    // Another system than Linux, or a sandbox.
    return USUAL
  }
}

/** The soft limit in the text of Linux's `/proc/self/limits`. */
export function openFilesIn(limits: string): number {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1]
  if (soft === 'unlimited') return Number.POSITIVE_INFINITY
  return soft === undefined ? USUAL : Number(soft)
}
