import type { FastifyReply } from 'fastify'
import { exactForm } from '../../http/form.ts'
import { leadTo, sendMessage } from '../../http/reply.ts'
import type { DoorExchange } from '../exchange.ts'
import { pressedFor } from './exchange.ts'
import { sendApp } from './page.ts'
import { sendHasty, takeTry } from './proof-tries.ts'
import { takeAccount } from './take-account.ts'

/** Parts somebody from their account in the app. What is signed in there stays so until it is signed out. */
export async function unlink(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const about = await pressedFor(exchange, exactForm(request.body, ['token'])?.get('token'))
  if (about === undefined) return sendMessage(reply, 403, { kind: 'form-stale' })
  const { app, accounts, person, here } = about
  if (!accounts.isWritten(person)) {
    await parts.links.remove(app.name, person)
    parts.log.notice('person_unlinked', { app: app.name })
  }
  return leadTo(reply, here)
}

/** Makes an ordinary account for the screens of somebody who administers the app. */
export async function makeScreensAccount(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const about = await pressedFor(exchange, exactForm(request.body, ['token'])?.get('token'))
  if (about === undefined) return sendMessage(reply, 403, { kind: 'form-stale' })
  const { app, accounts, person, here } = about
  const link = await parts.links.get(app.name, person)
  // SECURITY: nobody fills the app with accounts. Test: an account for screens is made once, for somebody who needs one, where accounts may be made
  if (!accounts.rules.createUsers || link === undefined || link.screens !== undefined) return leadTo(reply, here)
  const waitMs = await takeTry(about)
  if (waitMs > 0) return sendHasty(about, waitMs)
  try {
    const own = await accounts.people.byId(link.userId)
    if (own?.admin !== true) return leadTo(reply, here)
    return await takeAccount(about, await accounts.people.create(`${person.name} TV`.trim()), 'screens')
  } catch {
    parts.log.notice('account_not_made', { app: app.name })
    return sendApp(about, 503, 'app-down')
  }
}
