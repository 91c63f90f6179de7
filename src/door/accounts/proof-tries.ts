import type { FastifyReply } from 'fastify'
import { sendTooMany } from '../../http/too-many.ts'
import type { AccountExchange } from './exchange.ts'

/** Counts one more try at an account in the app: 0, or the milliseconds to wait after too many. */
export function takeTry({ parts, app, person, place }: AccountExchange): Promise<number> {
  const { issuer, sub } = person
  const who = parts.keyring.derive('tries', JSON.stringify([issuer, sub, 'account', app.name]))
  return parts.tries.take(who, place)
}

/** The answer to whoever has tried too often. */
export function sendHasty({ here, reply }: AccountExchange, waitMs: number): FastifyReply {
  return sendTooMany(reply, waitMs, { kind: 'too-many-proofs', actions: [{ label: 'back', href: here }] })
}
