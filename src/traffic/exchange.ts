import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Place } from '../lib/place.ts'
import type { App } from './app.ts'
import type { Head } from './reading/head.ts'
import type { Target } from './reading/target.ts'

/** One request on its way, and what its log line will say. */
export type Exchange = {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Read once: Node lets go of `req.socket` when a body is given up. */
  readonly socket: Socket
  readonly head: Head
  /** It is a WebSocket handshake; `early` came after the head, before anybody agreed. */
  readonly upgrade: { early: Buffer } | undefined
  readonly begunAt: number
  readonly place: Place
  app: App | undefined
  target: Target | undefined
  decision: 'door' | 'threshold' | 'forward' | 'tunnel' | 'challenge' | 'redirect' | 'refuse' | 'answer' | undefined
  reason: string
  /** The last segment of its path is a secret. */
  hidden: boolean
}

/** An exchange of which nothing is decided yet. */
export function beginExchange(
  arrived: Pick<Exchange, 'req' | 'res' | 'socket' | 'head' | 'upgrade' | 'begunAt' | 'place'>,
): Exchange {
  const { req, res, socket, head, upgrade, begunAt, place } = arrived
  const open = { app: undefined, target: undefined, decision: undefined, reason: '', hidden: false }
  return { req, res, socket, head, upgrade, begunAt, place, ...open }
}

/** An exchange that has been dispatched to an app, with a target that has been judged. */
export type AppExchange = Exchange & { app: App; target: Target }
