import type { FastifyReply } from 'fastify'
import { sendTooMany } from '../http/too-many.ts'
import type { AppExchange } from './app-exchange.ts'

/** Counts one more try at an account in the app: the answer to whoever tries too often, undefined for others. */
export async function refuseHasty({
  parts,
  app,
  here,
  person,
  place,
  reply,
}: AppExchange): Promise<FastifyReply | undefined> {
  const { issuer, sub } = person
  const who = parts.keyring.derive('tries', JSON.stringify([issuer, sub, 'account', app.name]))
  const waitMs = await parts.tries.take(who, place)
  // SECURITY: the app's passwords are not for guessing here. Test: U9: passwords of an app are not for guessing at the door, and whoever guesses locks out nobody else
  if (waitMs === 0) return undefined
  return sendTooMany(reply, waitMs, { kind: 'too-many-proofs', actions: [{ label: 'back', href: here }] })
}
