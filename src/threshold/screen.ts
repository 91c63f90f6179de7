import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { isOwnPost } from '../http/fetch-metadata.ts'
import { langOf, leadTo, ownHeaders, sendMessage, sendPage } from '../http/reply.ts'
import { screenFactsOf } from '../http/screen-facts.ts'
import { SECOND } from '../lib/clock.ts'
import type { Invitation } from '../logins/invitation.ts'
import type { Login } from '../logins/login.ts'
import { screenState } from '../logins/screen-state.ts'
import { qrPng } from '../pages/qr.ts'
import { screenPage } from '../pages/screen.ts'
import type { ScreenBase } from '../pages/views.ts'
import { readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import type { ThresholdParts } from './parts.ts'
import { hereLink, startLink, THRESHOLD } from './paths.ts'

type Params = { login: string; tag?: string }

/** The page on the television, in whatever state its login is. Works by plain reloading; script only makes it quicker. */
export async function showScreen(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const { login: id } = request.params as Params
  const binding = readBinding(exchange)
  const base = baseOf(exchange)
  if (binding === undefined) {
    return sendPage(
      reply,
      403,
      screenPage(langOf(request), { ...base, state: 'cookies-blocked', again: startLink(parts.keyring, app, '/') }),
    )
  }
  const login = await parts.logins.getBound(id, binding.secret)
  if (login === undefined || login.app !== app.name) {
    return sendUnknown(exchange)
  }
  // Without script this page is all that asks; a provider that takes its time is heard at the next reload.
  const polled = parts.polls.poll(login).catch(() => parts.log.notice('store_fault', { part: 'logins' }))
  await Promise.race([polled, parts.bell.wait(id, SECOND)])
  return render(exchange, (await parts.logins.get(id)) ?? login)
}

function sendUnknown(exchange: ThresholdExchange): FastifyReply {
  const { parts, app, request, reply } = exchange
  const view = { ...baseOf(exchange), state: 'unknown' as const, again: startLink(parts.keyring, app, '/') }
  return sendPage(reply, 404, screenPage(langOf(request), view))
}

async function render(exchange: ThresholdExchange, login: Login): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const lang = langOf(request)
  const own = `${THRESHOLD}/${login.id}`
  const base = { ...baseOf(exchange), elsewhere: hereLink(parts.keyring, app, login.target), device: login.device }
  const state = screenState(login, parts.clock.now())
  switch (state.show) {
    case 'go':
      return leadTo(reply, `${own}/collect`)
    case 'over':
      return leadTo(reply, startLink(parts.keyring, app, login.target))
    case 'renew': {
      const renewed = await renew(parts, login)
      return renewed === undefined ? sendUnknown(exchange) : render(exchange, renewed)
    }
    case 'denied':
      return sendPage(reply, 200, screenPage(lang, { ...base, state: 'denied', again: `${own}/again` }))
    case 'tired':
      return sendPage(reply, 200, screenPage(lang, { ...base, state: 'expired', again: `${own}/again` }))
    case 'waiting':
    case 'opened': {
      const { invitation } = state
      const { userCode } = invitation
      const wait = { url: `${own}/wait`, seen: seenOf(invitation) }
      if (parts.classify(screenFactsOf(request)).class === 'webview') {
        const view = { ...base, state: 'webview' as const, open: linkOf(parts, invitation), userCode, wait }
        return sendPage(reply, 200, screenPage(lang, view))
      }
      const { modules } = await qrPng(linkOf(parts, invitation))
      const qr = { src: `${own}/qr-${tagOf(invitation)}.png`, modules }
      const opened = state.show === 'opened'
      const view = { ...base, state: 'waiting' as const, doorHost: parts.door.authority, userCode, qr, opened, wait }
      return sendPage(reply, 200, screenPage(lang, view))
    }
  }
}

/** The QR as a picture of its own: every engine shows it, and it stays put when the page reloads. */
export async function showQr(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, request, reply } = exchange
  const { login: id, tag } = request.params as Params
  const login = await parts.logins.getBound(id, readBinding(exchange)?.secret)
  const invitation = login?.invitations.find((one) => tagOf(one) === tag)
  if (invitation === undefined) return sendMessage(reply, 404, { kind: 'not-found' })
  const { png } = await qrPng(linkOf(parts, invitation))
  return reply
    .code(200)
    .headers({ ...ownHeaders, 'content-type': 'image/png', 'cache-control': 'private, max-age=600' })
    .send(png)
}

/** The one press that asks for a new code, after "no" or after waiting too long. */
export async function startAgain(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  const { login: id } = request.params as Params
  const login = await parts.logins.getBound(id, readBinding(exchange)?.secret)
  if (login === undefined) return leadTo(reply, startLink(parts.keyring, app, '/'))
  await parts.logins.apply(id, {
    kind: 'restarted',
    invitation: await parts.logins.invite(id, await parts.way.begin()),
  })
  return leadTo(reply, `${THRESHOLD}/${id}/`)
}

/**
 * Puts a new code in place of one that is running out; whoever was faster wins, and either way there is one now.
 * Undefined when the login itself is gone.
 */
export async function renew(parts: ThresholdParts, login: Login): Promise<Login | undefined> {
  // A login that lost its invitation at the provider asks there again; one of ours stays ours.
  const taken = login.invitations.length === 0 ? await parts.way.begin() : ({ way: 'gateway' } as const)
  await parts.logins.apply(login.id, { kind: 'renewed', invitation: await parts.logins.invite(login.id, taken) })
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

function baseOf({ parts, app, request }: ThresholdExchange): ScreenBase {
  return {
    place: parts.placeName,
    app: app.title,
    self: request.url,
    elsewhere: hereLink(parts.keyring, app, '/'),
    device: { name: '', kind: 'unknown', brand: '' },
  }
}
