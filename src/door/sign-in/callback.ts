import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../../http/reply.ts'
import type { MessageKind } from '../../pages/message-view.ts'
import type { SignInFailure } from '../../provider/provider.ts'
import { readCookie } from '../../sessions/cookies.ts'
import { appPath } from '../accounts/exchange.ts'
import type { DoorExchange } from '../exchange.ts'
import { recognise } from '../phone.ts'
import { arrive } from './arrive.ts'
import type { Journey } from './journeys.ts'
import { leaveForProvider } from './leave.ts'
import { sortSignInError } from './sign-in-errors.ts'

/** The authorization response (RFC 6749 §4.1.2): state and browser first, then error, then code. */
export async function callback(exchange: DoorExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const url = new URL(request.url, parts.door.origin)
  const states = url.searchParams.getAll('state')
  const known = await recognise(exchange)
  const [state] = states
  const journey =
    states.length === 1 && state !== undefined ? await parts.journeys.take(state, known.phone.id) : undefined
  if (journey === undefined || 'stray' in journey) {
    if (journey?.stray.kind === 'visit' && bringsCookie(exchange)) {
      return leadTo(reply, `/sign-in?visit=${journey.stray.visit}`)
    }
    parts.log.notice('sign_in_fail', { reason: 'unknown_state' })
    return sendMessage(reply, 400, { kind: 'sign-in-failed', actions: [{ label: 'try-again', href: '/me' }] })
  }

  const outcome = await parts.provider.authorizationResponse(url, journey.sent)
  const again = [{ label: 'try-again', href: wayBack(journey) } as const]
  switch (outcome.kind) {
    case 'declined': {
      const { status, page, event, remedy } = sortSignInError(outcome.error)
      parts.log.notice(event, { error: outcome.error, ...(remedy !== undefined && { remedy }) })
      return sendMessage(reply, status, { kind: page, actions: again })
    }
    case 'failed':
      if (outcome.reason === 'stale' && journey.sent.signInAgain === undefined) {
        parts.log.notice('max_age_ignored', { remedy: 'the provider is asked for a new sign-in instead' })
        return leaveForProvider(known, { next: journey.next, signInAgain: true })
      }
      parts.log.notice('sign_in_fail', { reason: outcome.reason, detail: outcome.detail })
      return sendMessage(reply, statusOf[outcome.reason], { kind: pageOf[outcome.reason], actions: again })
    case 'identity': {
      const { identity, authTime } = outcome
      // SECURITY(replace: ?? 0 → ?? parts.clock.now()): an unknown time is no fresh one. Test: U6b: a provider that does not say when somebody signed in is asked for a fresh sign-in
      return arrive(known, journey.next, { identity, authTime: authTime ?? 0 })
    }
  }
}

/**
 * Tabs that open all at once, as after a restart of the browser, each get a cookie and it keeps one. The others are
 * sent to where they were going once more, which is as good as a link there; whoever keeps no cookie would go round for ever.
 */
function bringsCookie({ parts, request }: DoorExchange): boolean {
  return readCookie(request.headers.cookie, parts.cookies.binding) !== undefined
}

const pageOf: Record<SignInFailure, MessageKind> = {
  unreachable: 'provider-unreachable',
  stale: 'sign-in-stale',
  invalid: 'sign-in-failed',
}

const statusOf: Record<SignInFailure, number> = { unreachable: 503, stale: 403, invalid: 400 }

function wayBack({ next }: Journey): string {
  switch (next.kind) {
    case 'me':
      return '/me'
    case 'code':
      return '/d'
    case 'app':
      return appPath({ name: next.app })
    case 'knock':
      return `/knock?k=${encodeURIComponent(next.knock)}`
    case 'visit':
      return `/sign-in?visit=${next.visit}`
    case 'invitation':
    case 'press':
      return `/d/${next.id}`
  }
}
