import type { Clock } from '../../lib/clock.ts'
import type { Exchange } from '../exchange.ts'
import { send, textAnswer } from './answer.ts'
import { isNavigation } from './answer-form.ts'
import type { RefusalCode } from './refusals.ts'
import type { Refuse } from './refuse.ts'

/**
 * Leads somebody who opens an address to the same path at `origin`, which comes from the config and never from the
 * request. Scripts and whoever sends something are refused with `code`: led on unseen, they would go on sending their
 * secrets to the wrong place first (ASVS 4.1.2).
 */
export type Redirect = (exchange: Exchange, origin: string, code: RefusalCode) => void

/** The exchange's target has been judged by then. */
export function createRedirect({ clock, refuse }: { clock: Clock; refuse: Refuse }): Redirect {
  return (exchange, origin, code) => {
    const { head, target, upgrade } = exchange
    const opens = (head.method === 'GET' || head.method === 'HEAD') && upgrade === undefined && isNavigation(head)
    // SECURITY: a client that is led on would never learn that it sends its secrets in the clear. Test: J35: a script or an API client on plain http is told no, and is led nowhere
    if (!opens || target === undefined) return refuse(exchange, code, code)
    exchange.decision = 'redirect'
    // Not 308, which old engines do not know; for GET and HEAD it means the same.
    send(exchange, clock, textAnswer(301, `Served at ${origin}`, ['Location', `${origin}${target.text}`]))
  }
}
