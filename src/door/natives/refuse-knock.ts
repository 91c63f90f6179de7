import type { FastifyReply } from 'fastify'
import { sendMessage } from '../../http/reply.ts'
import { networkHint } from '../../lib/place.ts'
import type { PhoneExchange } from '../exchange.ts'
import type { Asking } from './knocks.ts'
import { askOf } from './let-knock-in.ts'

/** "No, stop", pressed by a person who may let it in: it waits for nobody any more. */
export async function refuseKnock(
  { parts, place, reply }: PhoneExchange,
  asking: Asking,
  inFront: boolean,
): Promise<FastifyReply> {
  const { app, knock, knocks } = asking
  const { device } = askOf(asking)
  // SECURITY(replace: networkHint(knock.place, place) !== 'different' || inFront → true): who guesses digits far away would keep a family out. Test: from another network a no is a refusal for whoever says that it is in front of them
  if (networkHint(knock.place, place) !== 'different' || inFront) {
    await knocks.refuse(knock)
    parts.log.notice('knock', { app: app.name, device: knock.kind, outcome: 'denied' })
    return sendMessage(reply, 200, { kind: 'denied', params: { device } })
  }
  return sendMessage(reply, 200, { kind: 'knock-left', params: { device } })
}
