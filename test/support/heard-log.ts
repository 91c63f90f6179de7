import { EventEmitter, on } from 'node:events'
import { type Log, type LogFields, silentLog } from '../../src/lib/log.ts'

/** A log whose requests can be looked at and waited for. */
export type HeardLog = Log & {
  requests: LogFields[]
  /** The next request, from now on, whose line satisfies `test`. */
  next(test: (line: LogFields) => boolean): Promise<LogFields>
}

export function createHeardLog(): HeardLog {
  const ear = new EventEmitter()
  const requests: LogFields[] = []
  return {
    ...silentLog,
    requests,
    request(line) {
      requests.push(line)
      ear.emit('request', line)
    },
    async next(test) {
      for await (const [line] of on(ear, 'request')) if (test(line)) return line
      throw new Error('nobody ends this')
    },
  }
}
