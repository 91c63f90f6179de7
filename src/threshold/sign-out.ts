import type { FastifyReply } from 'fastify'
import { isOwnPost } from '../http/fetch-metadata.ts'
import { leadTo, sendMessage } from '../http/reply.ts'
import { cookieOptions } from '../sessions/cookies.ts'
import { findSession } from '../sessions/find-session.ts'
import type { ThresholdExchange } from './exchange.ts'
import { SIGN_OUT } from './paths.ts'

/** Says who is signed in on this host, with one button to end it: "not us". */
export async function showSignOut(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const found = await findSession(parts.sessions, request.headers.cookie, app.cookies.session)
  if (found?.session.app !== app.name) return leadTo(reply, '/')
  const { session } = found
  return sendMessage(reply, 200, {
    kind: 'signed-in-here',
    params: { app: app.title, person: session.approvedBy.name, device: session.device },
    actions: [
      { label: 'sign-out', post: SIGN_OUT },
      { label: 'open-app', href: '/' },
    ],
  })
}

/** Ends the session of this host in this browser. */
export async function signOut(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  // SECURITY: no other site signs anybody out. Test: C2: a page of another site cannot sign anybody out
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  const found = await findSession(parts.sessions, request.headers.cookie, app.cookies.session)
  const mine = found?.session.app === app.name ? found : undefined
  const ended = mine && (await parts.sessions.end(mine.key, 'signed-out'))
  if (mine !== undefined && ended === 'kept') {
    parts.log.notice('session_ended', { app: app.name, kind: mine.session.kind, reason: 'signed-out' })
  }
  reply.setCookie(app.cookies.session, '', cookieOptions(0, parts.clock.now(), parts.secure))
  if (ended === 'not-kept') return sendMessage(reply, 503, { kind: 'not-kept' })
  return sendMessage(reply, 200, {
    kind: 'screen-signed-out',
    params: { app: app.title },
    actions: [{ label: 'sign-in', href: '/' }],
  })
}
