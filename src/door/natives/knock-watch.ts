import type { FastifyReply } from 'fastify'
import { ownHeaders, sendJson } from '../../http/reply.ts'
import type { DoorExchange } from '../exchange.ts'
import { recognise } from '../phone.ts'
import { type Asking, knocksNear } from './knocks.ts'

/** Whether other native apps ask to be let in than a page has shown: what it saw is compared by the page. */
export async function watchKnocks(exchange: DoorExchange): Promise<FastifyReply> {
  const known = await recognise(exchange)
  const { found } = known.phone
  if (found === undefined) return exchange.reply.code(204).headers(ownHeaders).send()
  return sendJson(exchange.reply, { seen: seenOf(exchange, await knocksNear(known, found.session.approvedBy)) })
}

/** Stands for what asks now, and says nothing of it. */
export function seenOf({ parts }: DoorExchange, all: readonly Asking[]): string {
  return parts.keyring.derive(
    'knocks',
    JSON.stringify(all.map(({ app, knock }) => [app.name, knock.code, knock.askedAt])),
  )
}
