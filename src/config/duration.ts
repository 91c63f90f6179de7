import { DAY, HOUR, MINUTE, SECOND } from '../lib/clock.ts'
import type { Fault } from './address.ts'

const units = { s: SECOND, m: MINUTE, h: HOUR, d: DAY } as const

/** Reads `30s`, `5m`, `12h` or `90d`: milliseconds, at most `longest`. */
export function parseDuration(text: string, longest: number): { ms: number } | Fault {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (unit === undefined) return { fault: 'is not a time.', hint: 'Write a number and s, m, h or d: 30s, 5m.' }
  const ms = Number(count) * units[unit as keyof typeof units]
  return ms > longest ? { fault: `is longer than ${durationText(longest)}.` } : { ms }
}

/** The same in the shortest form. */
export function durationText(ms: number): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => ms >= each && ms % each === 0) ?? ['s', SECOND]
  return `${ms / size}${unit}`
}
