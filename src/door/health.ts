import type { FastifyReply } from 'fastify'
import { ownHeaders } from '../http/reply.ts'
import type { DoorExchange } from './exchange.ts'

/**
 * Whether to send people here. It says nothing of the store or the provider: all gateways share those, and taking every
 * one of them out would turn a fault that people are told about into none to talk to.
 */
export function showHealth({ parts, reply }: DoorExchange): FastifyReply {
  const leaving = parts.leaving()
  return reply
    .code(leaving ? 503 : 200)
    .headers({ ...ownHeaders, 'content-type': 'text/plain; charset=utf-8' })
    .send(leaving ? 'leaving\n' : 'ok\n')
}
