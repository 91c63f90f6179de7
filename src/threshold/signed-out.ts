import type { FastifyReply } from 'fastify'
import { isOwnPost } from '../http/fetch-metadata.ts'
import { leadTo, sendMessage } from '../http/reply.ts'
import { cookieOptions, readCookie } from '../sessions/cookies.ts'
import type { ThresholdExchange } from './exchange.ts'
import { backLink, THRESHOLD } from './paths.ts'

/** Whether somebody has signed out in the app itself, where their browser would be signed straight back in. */
export async function isSignedOut({ parts, app, request }: ThresholdExchange): Promise<boolean> {
  const cookie = readCookie(request.headers.cookie, app.cookies.session)
  return cookie !== undefined && (await parts.sessions.endOf(parts.sessions.keyOf(cookie))) === 'signed-out'
}

/** Says so, with one way in. */
export function showSignedOut({ parts, app, reply }: ThresholdExchange, target: string): FastifyReply {
  return sendMessage(reply, 200, {
    kind: 'signed-out-of-app',
    params: { app: app.title },
    actions: [{ label: 'sign-in-again', post: backLink(parts.keyring, app, target) }],
  })
}

/** "Sign in again": forgets the session that is over, and begins anew. */
export function comeBack(exchange: ThresholdExchange): FastifyReply {
  const { parts, app, request, reply } = exchange
  // SECURITY: no other site signs anybody in again. Test: a page of another site cannot sign anybody in again
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  reply.setCookie(app.cookies.session, '', cookieOptions(0, parts.clock.now(), parts.secure))
  const { to } = request.query as { to?: unknown }
  return leadTo(reply, `${THRESHOLD}/start?to=${encodeURIComponent(String(to ?? ''))}`)
}
