import type { FastifyReply } from 'fastify'
import { exactForm } from '../../http/form.ts'
import { leadTo, sendMessage } from '../../http/reply.ts'
import type { DoorExchange } from '../exchange.ts'
import { accountIn } from './account.ts'
import { callersFor } from './callers.ts'
import { pressedFor } from './exchange.ts'
import { sendApp } from './page.ts'

/** Shuts out somebody who calls an app without a sign-in, or lets them pass again. */
export async function decideCaller(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const form = exactForm(request.body, ['token', 'ref', 'decision'])
  const decision = form?.get('decision')
  const about = await pressedFor(exchange, form?.get('token'))
  if (about === undefined || (decision !== 'shut' && decision !== 'open'))
    return sendMessage(reply, 403, { kind: 'form-stale' })
  const { account } = await accountIn(about)
  const callers = callersFor(about, account)
  if (callers === undefined)
    return account?.state === 'unknown' ? sendApp(about, 503, 'app-down') : leadTo(reply, about.here)
  await callers.setShut(form?.get('ref') ?? '', decision === 'shut')
  parts.log.notice('caller_decided', { app: about.app.name, decision })
  return leadTo(reply, about.here)
}
