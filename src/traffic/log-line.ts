import type { LogFields } from '../lib/log.ts'
import type { Exchange } from './exchange.ts'

/** What the log says of a request that is over at `now`: facts alone, and nothing that opens anything. */
export function logLine(exchange: Exchange, now: number): LogFields {
  const { head, res, app } = exchange
  return {
    method: head.method,
    path: loggedPath(exchange),
    app: app?.name,
    // 499, as nginx has it: the client left before there was an answer.
    status: res.headersSent || res.statusCode === 101 ? res.statusCode : 499,
    ms: now - exchange.begunAt,
    client: exchange.place.address,
    decision: exchange.decision,
    reason: exchange.reason,
  }
}

/** Without the query, and on our own addresses without the ids of logins and invitations. */
function loggedPath({ head, target, app, hidden }: Exchange): string {
  const whole = target?.path ?? head.target.split('?', 1)[0] ?? ''
  // SECURITY(replace: hidden ? → false ?): the id of a webhook opens it. Test: the id of a webhook stands in no log
  const path = hidden ? whole.replace(/[^/]*$/, '…') : whole
  // Whatever becomes of the request: one that is refused, or led to https, names them as well.
  const ours = app === undefined || path.includes('/.entryphone/')
  // SECURITY: a link in a log would be a link in somebody's hands. Test: L1: nothing secret of a whole run stands in the log
  if (ours) return path.replace(/[A-Za-z0-9_-]{16,}/g, '…').slice(0, 200)
  return path.slice(0, 200)
}
