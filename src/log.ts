import pino from 'pino'
import { afterThisTurn, systemClock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'

/** From `log.level` of the config: everything from this level on is written. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** One JSON object a line on standard output. Requests at `info`, so that `warn` leaves only what needs somebody. */
export function createLog(level: LogLevel): Log {
  const logger = pino({ level, base: null, timestamp: createTimestamp() }, createOutput())
  const requests = logger.child({ event: 'request' })
  return {
    notice: (event, fields) => logger.info({ event, ...fields }),
    request: (fields) => requests.info(fields),
  }
}

/**
 * Standard output, written to once for all lines of a turn of the event loop: a system call for each costs as much as
 * sending a request on. Whatever ends the process, short of killing it, lets the last turn's lines out first.
 */
function createOutput(): { write(line: string): void } {
  const output = pino.destination({ dest: 1, sync: true })
  let held = ''
  function flush(): void {
    const lines = held
    held = ''
    if (lines !== '') output.write(lines)
  }
  process.on('exit', flush)
  return {
    write(line) {
      if (held === '') afterThisTurn(flush)
      held += line
    },
  }
}

/** The member `time` as pino wants it, made once for all lines of a millisecond. */
function createTimestamp(): () => string {
  let at = Number.NaN
  let member = ''
  return () => {
    const now = systemClock.now()
    if (now !== at) {
      at = now
      member = `,"time":"${new Date(now).toISOString()}"`
    }
    return member
  }
}
