import pino from 'pino'
import type { Log } from './lib/log.ts'

/** From `log.level` of the config: everything from this level on is written. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** One JSON object a line on standard output. Requests at `info`, so that `warn` leaves only what needs somebody. */
export function createLog(level: LogLevel): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  return {
    notice: (event, fields) => logger.info({ event, ...fields }),
    request: (fields) => logger.info({ event: 'request', ...fields }),
  }
}
