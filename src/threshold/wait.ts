import type { FastifyReply } from 'fastify'
import { exactForm } from '../http/form.ts'
import { sendJson } from '../http/reply.ts'
import { times } from '../lib/times.ts'
import type { Login } from '../logins/login.ts'
import { pollDueAt } from '../logins/provider-grant.ts'
import { screenState } from '../logins/screen-state.ts'
import { readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import { renew } from './new-code.ts'
import type { ThresholdParts } from './parts.ts'
import { THRESHOLD } from './paths.ts'
import { seenOf } from './shown.ts'

/** What the page's script is told; `seen` goes into its next question. */
type Answer = { state: 'go'; url: string } | { state: 'waiting' | 'opened' | 'reload'; seen?: string }

/**
 * The screen's long poll: answers as soon as there is something other than what the page has seen, after 25
 * seconds at the latest. By POST, because apps' service workers answer GETs from their cache.
 */
export async function wait(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const { login: id } = request.params as { login: string }
  const secret = readBinding(exchange)?.secret
  const seen = exactForm(request.body, ['seen'])?.get('seen')
  const until = parts.clock.now() + times.hold
  if ((await parts.logins.getBound(id, secret)) !== undefined) await parts.logins.keep(id)

  for (;;) {
    const login = await parts.logins.getBound(id, secret)
    if (login === undefined || login.app !== app.name) return sendJson(reply, { state: 'reload' })
    const look = await lookAt(parts, login, seen)
    if ('answer' in look) return sendJson(reply, look.answer)
    const now = parts.clock.now()
    const pollDue = pollDueAt(login, now) ?? until
    // Its answer rings the bell. Whoever waits elsewhere for the same login finds that it is being asked.
    if (pollDue <= now) parts.polls.poll(login).catch(() => parts.log.notice('store_fault', { part: 'logins' }))
    const clientLeft = request.raw.socket.destroyed
    if (now >= until || clientLeft || parts.closing()) return sendJson(reply, { state: 'waiting', seen })
    await parts.bell.wait(id, Math.max(1, Math.min(until, look.due, pollDue > now ? pollDue : until) - now))
  }
}

/** What to say at once, or until when there is nothing to say. */
async function lookAt(
  parts: ThresholdParts,
  login: Login,
  seen: string | undefined,
): Promise<{ answer: Answer } | { due: number }> {
  const state = screenState(login, parts.clock.now())
  switch (state.show) {
    case 'go':
      return { answer: { state: 'go', url: `${THRESHOLD}/${login.id}/collect` } }
    case 'renew':
      await renew(parts, login)
      return { answer: { state: 'reload' } }
    case 'denied':
    case 'tired':
    case 'over':
      return { answer: { state: 'reload' } }
    case 'waiting':
    case 'opened': {
      const current = seenOf(state.invitation)
      if (current === seen) return { due: state.due }
      // A phone has opened the very code that is on the screen: only the words change.
      const opened = seen !== undefined && current === `${seen}-opened`
      return { answer: { state: opened ? 'opened' : 'reload', seen: current } }
    }
  }
}
