import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../http/reply.ts'
import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import type { Login, Stay } from '../logins/login.ts'
import { judge } from '../sessions/allow.ts'
import { cookieOptions } from '../sessions/cookies.ts'
import type { Session } from '../sessions/session.ts'
import { dropBinding, readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import { giveKnownDevice } from './known-device.ts'
import { THRESHOLD } from './paths.ts'

/**
 * The approved screen fetches its session and goes on to the page that it first asked for. The session's secret
 * is derived from the login and the screen's own cookie, so asking again after a lost answer, also of a process
 * that was killed meanwhile, gives the same session; one that has ended since stays ended.
 */
export async function collect(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const { login: id } = request.params as { login: string }
  const again = `${THRESHOLD}/${id}/`
  const binding = readBinding(exchange)
  const login = await parts.logins.getBound(id, binding?.secret)
  if (binding === undefined || login === undefined || login.app !== app.name) return leadTo(reply, again)

  const { state } = login
  if (state.step !== 'approved' && state.step !== 'collected') return leadTo(reply, again)
  const now = parts.clock.now()
  if (now > state.at + times.collect) return leadTo(reply, again)
  // SECURITY: a rule that changed since the approval counts. Test: U14: a person who may no longer open the app gets no session
  if (!judge(app.allow, state.by).allowed) return sendMessage(reply, 403, notAllowed(app.title, state.by.name))
  const { under } = state
  // SECURITY: whoever was signed out everywhere would come back by a screen. Test: K12: a screen that was let in and has not gone on when everything is signed out stays outside
  if (state.step === 'approved' && under !== undefined && (await parts.sessions.wasSignedOut(under)))
    return signedOut(exchange)

  const secret = parts.keyring.deriveUnder(login.keyVersion, 'session', `${login.id}.${binding.secret}`)
  if (secret === undefined) return leadTo(reply, again)
  const approvedAt = state.step === 'approved' ? state.at : state.approvedAt
  const session = screenSession(login, state, approvedAt)
  if ((await parts.sessions.create(secret, session)) === 'ended') return signedOut(exchange)
  const applied = await parts.logins.apply(id, { kind: 'collected' })
  if ('refused' in applied) return leadTo(reply, again)
  parts.log.notice('session_created', { app: app.name, kind: 'screen', device: login.device.kind })

  const life = session.absoluteUntil - now
  reply.setCookie(app.cookies.session, secret, cookieOptions(life, now, parts.secure))
  giveKnownDevice(exchange)
  dropBinding(exchange)
  return leadTo(reply, login.target)
}

function signedOut(exchange: ThresholdExchange): FastifyReply {
  const { app, reply } = exchange
  dropBinding(exchange)
  return sendMessage(reply, 401, {
    kind: 'screen-signed-out',
    params: { app: app.title },
    actions: [{ label: 'try-again', href: '/' }],
  })
}

function screenSession(login: Login, approved: { by: Session['approvedBy']; stay: Stay }, approvedAt: number): Session {
  const { idleMs, absoluteUntil } = lifeOf(approved.stay, approvedAt)
  return {
    kind: 'screen',
    ref: randomId(12),
    app: login.app,
    approvedBy: approved.by,
    actsAs: approved.by,
    device: login.device,
    stay: approved.stay.kind,
    createdAt: approvedAt,
    lastSeenAt: approvedAt,
    idleMs,
    absoluteUntil,
    authTime: approvedAt,
    place: login.place,
  }
}

function lifeOf(stay: Stay, from: number): { idleMs: number; absoluteUntil: number } {
  switch (stay.kind) {
    case 'tonight':
      return { idleMs: times.tonight, absoluteUntil: from + times.tonight }
    case 'ours':
      return { idleMs: times.ours.idle, absoluteUntil: from + times.ours.absolute }
    case 'until':
      return { idleMs: times.ours.absolute, absoluteUntil: Math.min(stay.at, from + times.ours.absolute) }
  }
}

/** The page for somebody whom the app's rule does not name. */
export const notAllowed = (app: string, person: string) => ({ kind: 'not-allowed', params: { app, person } }) as const
