import { HOUR } from '../lib/clock.ts'
import type { StopConfig } from './config.ts'
import { parseDuration } from './duration.ts'
import { type Report, take } from './report.ts'
import type { SettingsDraft } from './shape.ts'

const LONGEST = HOUR

/** How long to take over stopping. */
export function resolveStop({ stop }: SettingsDraft, report: Report): StopConfig {
  const read = (name: 'drain' | 'finish') =>
    take(stop[name], ['stop', name], (text) => parseDuration(text, LONGEST), report)?.ms ?? 0
  return { drain: read('drain'), finish: read('finish') }
}
