import type { FastifyReply } from 'fastify'
import { exactForm } from '../../http/form.ts'
import { sendMessage } from '../../http/reply.ts'
import type { DoorExchange } from '../exchange.ts'
import { pressedFor } from './exchange.ts'
import { sendApp } from './page.ts'
import { sendHasty, takeTry } from './proof-tries.ts'
import { takeAccount, useOf } from './take-account.ts'

/** Name and password in the app, once: the app is asked, and they are kept nowhere. */
export async function provePassword(exchange: DoorExchange): Promise<FastifyReply> {
  const { place, request, reply } = exchange
  const form = exactForm(request.body, ['token', 'use', 'name', 'secret'])
  const use = useOf(form?.get('use'))
  const about = await pressedFor(exchange, form?.get('token'))
  if (about === undefined || use === undefined) return sendMessage(reply, 403, { kind: 'form-stale' })
  const { accounts, parts, app } = about
  if (!accounts.people.proofs.includes('password')) return sendMessage(reply, 404, { kind: 'not-found' })
  const waitMs = await takeTry(about)
  // SECURITY: the app's passwords are not for guessing here. Test: U9: passwords of an app are not for guessing at the door, and whoever guesses locks out nobody else
  if (waitMs > 0) return sendHasty(about, waitMs)
  const text = { name: form?.get('name') ?? '', password: form?.get('secret') ?? '' }
  try {
    const user = await accounts.people.prove('password', text, place)
    if (user === undefined) return await sendApp(about, 422, 'wrong')
    return await takeAccount(about, user, use)
  } catch {
    parts.log.notice('proof_failed', { app: app.name })
    return sendApp(about, 503, 'app-down')
  }
}
