import { readFileSync } from 'node:fs'

/** One look at a process: milliseconds since the soak began, and resident memory in bytes. */
export type Look = { at: number; bytes: number }

/** How much more the last third of a stretch may take than the first. */
const ALLOWED = 1.1

/** Resident memory of a process, in bytes; undefined when it is gone. Linux only. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

/**
 * Compares the last third of the looks with the first, by medians: the collector's own waves are wider than what is asked for.
 * `looks` begins when the process is warm.
 */
export function judgeMemory(looks: readonly Look[]): { line: string; flat: boolean } {
  const third = Math.floor(looks.length / 3)
  const first = median(looks.slice(0, third))
  const last = median(looks.slice(-third))
  const ratio = last / first
  const line = `resident memory: ${megabytes(first)} in the first third, ${megabytes(last)} in the last, ratio ${ratio.toFixed(3)}`
  return { line, flat: third > 0 && ratio <= ALLOWED }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`

function median(looks: readonly Look[]): number {
  const sorted = looks.map(({ bytes }) => bytes).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
