import type { FastifyReply } from 'fastify'
import { sendMessage } from '../../http/reply.ts'
import type { MessageKind } from '../../pages/message-view.ts'
import type { FoundSession } from '../../sessions/sessions.ts'
import type { PhoneExchange } from '../exchange.ts'
import type { Ask } from '../screens/acquaintances.ts'
import type { Asking } from './knocks.ts'

/** The approval itself, reached by a press of a person whose sign-in is fresh. Says what became of it. */
export async function letKnockIn(
  { parts, reply }: PhoneExchange,
  asking: Asking,
  by: FoundSession,
): Promise<FastifyReply> {
  const { app, knock, knocks, accounts } = asking
  const person = by.session.approvedBy
  const ask = askOf(asking)
  const say = (status: number, kind: MessageKind, action: 'my-screens' | 'link-app' | 'enter-code') => {
    const href = { 'my-screens': '/me', 'link-app': `/me/apps/${app.name}`, 'enter-code': '/d' }[action]
    const params = { app: app.title, person: person.name, device: ask.device }
    return sendMessage(reply, status, { kind, params, actions: [{ label: action, href }] })
  }
  const outcome = await enter().catch(() => 'app-down' as const)
  parts.log.notice('knock', { app: app.name, device: knock.kind, outcome })
  switch (outcome) {
    case 'let-in':
      await parts.acquaintances.remember(person, ask)
      return say(200, 'approved', 'my-screens')
    case 'not-linked':
      return say(409, 'knock-not-linked', 'link-app')
    case 'admin':
      return say(409, 'knock-admin', 'link-app')
    case 'disabled':
      return say(403, 'knock-disabled', 'my-screens')
    case 'ended':
      return say(410, 'knock-ended', 'enter-code')
    case 'refused':
      return say(502, 'knock-refused', 'my-screens')
    case 'app-down':
      return say(503, 'upstream-down', 'my-screens')
  }

  async function enter() {
    const account = await accounts.find(person, 'native')
    return 'failed' in account ? account.failed : knocks.letIn(knock, account.link, by)
  }
}

/** A knock as what a person may have let in before. */
export function askOf({ app, knock }: Asking): Ask {
  return { app: app.name, device: { name: knock.device, kind: knock.kind, brand: '' }, place: knock.place }
}
