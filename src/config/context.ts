import type { Clock } from '../lib/clock.ts'
import type { Report } from './report.ts'

/** What a check has at hand besides the option that it looks at. */
export type Context = {
  /** Where the config file is: relative names of files begin there. */
  directory: string
  clock: Clock
  report: Report
}
