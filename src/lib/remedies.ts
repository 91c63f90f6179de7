import { type Log, silentLog } from './log.ts'

/** A log that keeps nothing but what is to be done, as sentences. */
export function createRemedies(): { log: Log; remedies: readonly string[] } {
  const remedies: string[] = []
  const warn: Log['warn'] = (_event, fields) => {
    const clause = fields?.['remedy']
    if (typeof clause !== 'string') return
    remedies.push(`${clause.charAt(0).toUpperCase()}${clause.slice(1)}${clause.endsWith('?') ? '' : '.'}`)
  }
  return { log: { ...silentLog, warn }, remedies }
}
