import { createBuckets } from './buckets.ts'
import type { Clock } from './clock.ts'
import { MINUTE } from './clock.ts'
import type { Log, LogFields } from './log.ts'

/** Tells the log of what strangers can bring about at will: one line for a network and ten minutes, never one each time. */
export type RareNotices = (event: string, network: string, fields?: LogFields) => void

/** Of all networks together at most sixty lines, and six more a minute. */
export function createRareNotices(clock: Clock, log: Log): RareNotices {
  const told = createBuckets(clock, { burst: 1, everyMs: 10 * MINUTE, most: 512 })
  const lines = createBuckets(clock, { burst: 60, everyMs: MINUTE / 6, most: 64 })
  return (event, network, fields) => {
    if (told.take(`${event} ${network} ${JSON.stringify(fields)}`) > 0 || lines.take(event) > 0) return
    log.notice(event, { network, ...fields })
  }
}
