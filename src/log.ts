import { systemClock } from './lib/clock.ts'
import type { Log, LogFields } from './lib/log.ts'
import { createStandardOutput } from './standard-output.ts'

/** From `log.level` of the config: everything from this level on is written. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** The numbers by which readers of such lines know the levels. */
const numbers = { debug: 20, info: 30, warn: 40, error: 50 } as const

/** Control characters that JSON leaves as they are: a terminal that shows the log would obey them. */
const FOR_TERMINALS = /[\x7f-\x9f\u2028\u2029]/g

/** One JSON object a line on standard output. Requests at `info`, so that `warn` leaves only what needs somebody. */
export function createLog(level: LogLevel): Log {
  const output = createStandardOutput(systemClock, (lines) => at('warn')('log_lines_lost', { lines }))
  const time = createTime()
  // Fields are flat, and none is a secret to redact: a library for such lines costs seven times as much.
  const at = (own: LogLevel) => {
    if (numbers[own] < numbers[level]) return () => undefined
    const head = `{"level":${numbers[own]},"time":"`
    return (event: string, fields: LogFields = {}) => {
      const members = JSON.stringify(fields).slice(1).replace(FOR_TERMINALS, escaped)
      output.write(`${head}${time()}","event":"${event}"${members === '}' ? '' : ','}${members}\n`)
    }
  }
  const info = at('info')
  return { notice: info, warn: at('warn'), request: (fields) => info('request', fields) }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The time as ISO 8601 has it, made once for all lines of a millisecond. */
function createTime(): () => string {
  let at = Number.NaN
  let text = ''
  return () => {
    const now = systemClock.now()
    if (now !== at) {
      at = now
      text = new Date(now).toISOString()
    }
    return text
  }
}
