import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOwnPost } from '../http/origin.ts'
import { langOf, leadTo, ownHeaders, sendMessage, sendPage } from '../http/reply.ts'
import type { Invitation, Login } from '../logins/login.ts'
import { screenState } from '../logins/login.ts'
import { formatUserCode } from '../logins/user-code.ts'
import { qrPng } from '../pages/qr.ts'
import { screenPage } from '../pages/screen.ts'
import type { ScreenBase } from '../pages/views.ts'
import type { App } from '../traffic/app.ts'
import { readBinding } from './binding.ts'
import type { ThresholdParts } from './parts.ts'
import { screenFactsOf, THRESHOLD } from './parts.ts'

type Params = { login: string; tag?: string }

/** The page on the television, in whatever state its login is. Works by plain reloading; script only makes it quicker. */
export async function showScreen(
  parts: ThresholdParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const app = parts.appOf(request.raw)
  const { login: id } = request.params as Params
  const binding = readBinding(request, app)
  const base = baseOf(parts, app, request)
  if (binding === undefined) {
    return sendPage(
      reply,
      403,
      screenPage(langOf(request), { ...base, state: 'cookies-blocked', again: startOf(parts, app, '/') }),
    )
  }
  const login = await parts.logins.getBound(id, binding.secret)
  if (login === undefined || login.app !== app.name) {
    return sendUnknown(parts, request, reply, app)
  }
  return render(parts, request, reply, app, login)
}

function sendUnknown(parts: ThresholdParts, request: FastifyRequest, reply: FastifyReply, app: App): FastifyReply {
  const view = { ...baseOf(parts, app, request), state: 'unknown' as const, again: startOf(parts, app, '/') }
  return sendPage(reply, 404, screenPage(langOf(request), view))
}

async function render(
  parts: ThresholdParts,
  request: FastifyRequest,
  reply: FastifyReply,
  app: App,
  login: Login,
): Promise<FastifyReply> {
  const lang = langOf(request)
  const own = `${THRESHOLD}/${login.id}`
  const base = { ...baseOf(parts, app, request), elsewhere: wayHere(parts, app, login.target), device: login.device }
  const state = screenState(login, parts.clock.now())
  switch (state.show) {
    case 'go':
      return leadTo(reply, `${own}/collect`)
    case 'over':
      return leadTo(reply, startOf(parts, app, login.target))
    case 'renew': {
      const renewed = await renew(parts, login)
      return renewed === undefined
        ? sendUnknown(parts, request, reply, app)
        : render(parts, request, reply, app, renewed)
    }
    case 'denied':
      return sendPage(reply, 200, screenPage(lang, { ...base, state: 'denied', again: `${own}/again` }))
    case 'tired':
      return sendPage(reply, 200, screenPage(lang, { ...base, state: 'expired', again: `${own}/again` }))
    case 'waiting':
    case 'opened': {
      const { invitation } = state
      const userCode = formatUserCode(invitation.userCode)
      const wait = { url: `${own}/wait`, seen: seenOf(invitation) }
      if (parts.classify(screenFactsOf(request)).class === 'webview') {
        const view = { ...base, state: 'webview' as const, open: linkOf(parts, invitation), userCode, wait }
        return sendPage(reply, 200, screenPage(lang, view))
      }
      const { modules } = await qrPng(linkOf(parts, invitation))
      const qr = { src: `${own}/qr-${tagOf(invitation)}.png`, modules }
      const opened = state.show === 'opened'
      const view = { ...base, state: 'waiting' as const, doorHost: parts.door.host, userCode, qr, opened, wait }
      return sendPage(reply, 200, screenPage(lang, view))
    }
  }
}

/** The QR as a picture of its own: every engine shows it, and it stays put when the page reloads. */
export async function showQr(
  parts: ThresholdParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const app = parts.appOf(request.raw)
  const { login: id, tag } = request.params as Params
  const login = await parts.logins.getBound(id, readBinding(request, app)?.secret)
  const invitation = login?.invitations.find((one) => tagOf(one) === tag)
  if (invitation === undefined) return sendMessage(request, reply, 404, { kind: 'not-found' })
  const { png } = await qrPng(linkOf(parts, invitation))
  return reply
    .code(200)
    .headers({ ...ownHeaders, 'content-type': 'image/png', 'cache-control': 'private, max-age=600' })
    .send(png)
}

/** The one press that asks for a new code, after "no" or after waiting too long. */
export async function startAgain(
  parts: ThresholdParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const app = parts.appOf(request.raw)
  if (!isOwnPost(request, app.origin)) return sendMessage(request, reply, 403, { kind: 'cross-site' })
  const { login: id } = request.params as Params
  const login = await parts.logins.getBound(id, readBinding(request, app)?.secret)
  if (login === undefined) return leadTo(reply, startOf(parts, app, '/'))
  await parts.logins.apply(id, { kind: 'restarted', invitation: await parts.logins.invite(id) })
  return leadTo(reply, `${THRESHOLD}/${id}/`)
}

/**
 * Puts a new code in place of one that is running out; whoever was faster wins, and either way there is one now.
 * Undefined when the login itself is gone.
 */
export async function renew(parts: ThresholdParts, login: Login): Promise<Login | undefined> {
  await parts.logins.apply(login.id, { kind: 'renewed', invitation: await parts.logins.invite(login.id) })
  return parts.logins.get(login.id)
}

/** What the page has been shown: names an invitation without telling its id. */
export const seenOf = (invitation: Invitation): string =>
  `${tagOf(invitation)}${invitation.opened === undefined ? '' : '-opened'}`

const tagOf = (invitation: Invitation): string =>
  createHash('sha256').update(`qr ${invitation.id}`).digest('base64url').slice(0, 16)

/** Upper case, so that it packs into a small code. */
const linkOf = (parts: ThresholdParts, invitation: Invitation): string =>
  `${parts.door.origin}/d/${invitation.id}`.toUpperCase()

const startOf = (parts: ThresholdParts, app: App, target: string): string =>
  `${THRESHOLD}/start?to=${parts.keyring.seal('target', target, app.name)}`

const wayHere = (parts: ThresholdParts, app: App, target: string): string =>
  `${THRESHOLD}/way/here?to=${parts.keyring.seal('target', target, app.name)}`

function baseOf(parts: ThresholdParts, app: App, request: FastifyRequest): ScreenBase {
  return {
    place: parts.placeName,
    app: app.title,
    self: request.url,
    elsewhere: wayHere(parts, app, '/'),
    device: { name: '', kind: 'unknown', brand: '' },
  }
}
