import type { FastifyReply, FastifyRequest } from 'fastify'
import { exactForm } from '../http/form.ts'
import { sendJson } from '../http/reply.ts'
import { times } from '../lib/times.ts'
import { screenState } from '../logins/login.ts'
import { readBinding } from './binding.ts'
import type { ThresholdParts } from './parts.ts'
import { THRESHOLD } from './parts.ts'
import { renew, seenOf } from './screen.ts'

/**
 * The screen's long poll: answers as soon as there is something other than what the page has seen, after 25
 * seconds at the latest. By POST, because apps' service workers answer GETs from their cache.
 */
export async function wait(parts: ThresholdParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const app = parts.appOf(request.raw)
  const { login: id } = request.params as { login: string }
  const secret = readBinding(request, app)?.secret
  const seen = exactForm(request.body, ['seen'])?.get('seen')
  const until = parts.clock.now() + times.hold

  for (;;) {
    const login = await parts.logins.getBound(id, secret)
    if (login === undefined || login.app !== app.name) return sendJson(reply, { state: 'reload' })
    const now = parts.clock.now()
    const state = screenState(login, now)
    if (state.show === 'go') return sendJson(reply, { state: 'go', url: `${THRESHOLD}/${id}/collect` })
    if (state.show === 'renew') await renew(parts, login)
    if (state.show !== 'waiting' && state.show !== 'opened') return sendJson(reply, { state: 'reload' })

    const current = seenOf(state.invitation)
    if (current !== seen) {
      // A phone has opened the very code that is on the screen: only the words change.
      const state = seen !== undefined && current === `${seen}-opened` ? 'opened' : 'reload'
      return sendJson(reply, { state, seen: current })
    }
    if (now >= until) return sendJson(reply, { state: 'waiting', seen: current })
    await parts.bell.wait(id, Math.max(1, Math.min(until, state.due) - now))
    if (request.raw.socket.destroyed) return sendJson(reply, { state: 'waiting', seen: current })
  }
}
