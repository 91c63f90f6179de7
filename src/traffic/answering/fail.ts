import type { Exchange } from '../exchange.ts'
import type { TrafficParts } from '../parts.ts'
import type { Refuse } from './refuse.ts'

/** Something of ours broke: tells the log, and refuses the request. Never throws. */
export type Fail = (
  exchange: Exchange,
  error: unknown,
  code?: 'internal-error' | 'sessions-unavailable' | 'recipe-failed',
) => void

/** The last resort of everything that handles a request. */
export function createFail({ log, refuse }: Pick<TrafficParts, 'log'> & { refuse: Refuse }): Fail {
  return (exchange, error, code = 'internal-error') => {
    log.notice('request_failed', {
      app: exchange.app?.name,
      error: error instanceof Error ? error.stack : String(error),
    })
    try {
      refuse(exchange, code === 'recipe-failed' ? 'upstream-down' : code, code)
    } catch {
      // Not even the refusal can be rendered; a request must never end the process.
      exchange.socket.destroy()
    }
  }
}
