import type { FastifyReply } from 'fastify'
import { isOwnPost } from '../http/fetch-metadata.ts'
import { leadTo, sendMessage } from '../http/reply.ts'
import type { Login } from '../logins/login.ts'
import { screenState } from '../logins/screen-state.ts'
import { readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import type { ThresholdParts } from './parts.ts'
import { startLink, THRESHOLD } from './paths.ts'

/** The one press that asks for a new code, after "no" or after waiting too long. */
export async function startAgain(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  const { login: id } = request.params as { login: string }
  const login = await parts.logins.getBound(id, readBinding(exchange)?.secret)
  if (login === undefined) return leadTo(reply, startLink(parts.keyring, app, '/'))
  // While its code is good, or once somebody said yes, there is nothing to ask for; each code of a provider's costs one
  // of the hour's.
  const { show } = screenState(login, parts.clock.now())
  if (show !== 'renew' && show !== 'denied' && show !== 'tired') return leadTo(reply, `${THRESHOLD}/${id}/`)
  await parts.logins.apply(id, {
    kind: 'restarted',
    invitation: await parts.logins.invite(id, await parts.way.begin(login.place.address)),
  })
  return leadTo(reply, `${THRESHOLD}/${id}/`)
}

/**
 * Puts a new code in place of one that is running out; whoever was faster wins, and either way there is one now.
 * Undefined when the login itself is gone.
 */
export async function renew(parts: ThresholdParts, login: Login): Promise<Login | undefined> {
  // A login that lost its invitation at the provider asks there again; one of ours stays ours.
  const taken =
    login.invitations.length === 0 ? await parts.way.begin(login.place.address) : ({ way: 'gateway' } as const)
  await parts.logins.apply(login.id, { kind: 'renewed', invitation: await parts.logins.invite(login.id, taken) })
  return parts.logins.get(login.id)
}
