import type { FastifyReply } from 'fastify'
import { langOf, leadTo, sendPage } from '../http/reply.ts'
import { screenFactsOf } from '../http/screen-facts.ts'
import { SECOND, within } from '../lib/clock.ts'
import type { Invitation } from '../logins/invitation.ts'
import type { Login } from '../logins/login.ts'
import { screenState } from '../logins/screen-state.ts'
import { qrModules } from '../pages/qr.ts'
import { screenPage } from '../pages/screen.ts'
import type { ScreenBase, ScreenView } from '../pages/views.ts'
import { readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import { renew } from './new-code.ts'
import { hereLink, startLink, THRESHOLD } from './paths.ts'
import { linkOf, seenOf, tagOf } from './shown.ts'

/** Sooner than a page without script reloads itself. */
const AGAIN = 4 * SECOND

/** The page on the television, in whatever state its login is. Works by plain reloading; script only makes it quicker. */
export async function showScreen(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request } = exchange
  const { login: id } = request.params as { login: string }
  const binding = readBinding(exchange)
  if (binding === undefined) return sendAgain(exchange, 403, 'cookies-blocked')
  const login = await parts.logins.getBound(id, binding.secret)
  if (login === undefined || login.app !== app.name) {
    const vanished = binding.login === id && (await parts.logins.get(id)) === undefined
    return vanished ? beginAfresh(exchange) : sendAgain(exchange, 404, 'unknown')
  }
  // Whoever looks again is there; a page with script says so by waiting.
  if (parts.clock.now() > login.startedAt + AGAIN) await parts.logins.keep(id)
  // Without script this page is all that asks; a provider that takes its time is heard at the next reload.
  const polled = parts.polls.poll(login).catch(() => parts.log.notice('store_fault', { part: 'logins' }))
  await within(parts.clock, SECOND, polled, undefined)
  return render(exchange, (await parts.logins.get(id)) ?? login)
}

/** There is no login to show, but a way to begin one. */
function sendAgain(exchange: ThresholdExchange, status: number, state: 'cookies-blocked' | 'unknown'): FastifyReply {
  const { parts, app, request, reply } = exchange
  const view = { ...baseOf(exchange, NOBODY), state, again: startLink(parts.keyring, app, '/') }
  return sendPage(reply, status, screenPage(langOf(request), view))
}

/** This screen's login was forgotten, for a flood of others or in a long sleep: a fresh code comes without a key press. */
function beginAfresh({ parts, app, reply }: ThresholdExchange): FastifyReply {
  return leadTo(reply, startLink(parts.keyring, app, '/'))
}

async function render(exchange: ThresholdExchange, login: Login): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const show = (view: ScreenView) => sendPage(reply, 200, screenPage(langOf(request), view))
  const own = `${THRESHOLD}/${login.id}`
  const base = baseOf(exchange, login)
  const state = screenState(login, parts.clock.now())
  switch (state.show) {
    case 'go':
      return leadTo(reply, `${own}/collect`)
    case 'over':
      return leadTo(reply, startLink(parts.keyring, app, login.target))
    case 'renew': {
      const renewed = await renew(parts, login)
      return renewed === undefined ? beginAfresh(exchange) : render(exchange, renewed)
    }
    case 'denied':
      return show({ ...base, state: 'denied', again: `${own}/again` })
    case 'tired':
      return show({ ...base, state: 'expired', again: `${own}/again` })
    case 'waiting':
    case 'opened': {
      const { invitation } = state
      const { userCode } = invitation
      const link = linkOf(parts.door.origin, invitation)
      const wait = { url: `${own}/wait`, seen: seenOf(invitation) }
      if (parts.classify(screenFactsOf(request)).class === 'webview') {
        return show({ ...base, state: 'webview', open: link, userCode, wait })
      }
      const qr = { src: `${own}/qr-${tagOf(invitation)}.png`, modules: qrModules(link) }
      const opened = state.show === 'opened'
      const approvedAt = lastYesAt(invitation)
      return show({ ...base, state: 'waiting', doorHost: parts.door.authority, userCode, approvedAt, qr, opened, wait })
    }
  }
}

function lastYesAt({ providerGrant }: Invitation): 'door' | 'provider' {
  return providerGrant?.mustApproveHere === false ? 'provider' : 'door'
}

const NOBODY = { target: '/', device: { name: '', kind: 'unknown', brand: '' } } as const

function baseOf(
  { parts, app, request }: ThresholdExchange,
  { target, device }: Pick<Login, 'target' | 'device'>,
): ScreenBase {
  const elsewhere = hereLink(parts.keyring, app, target)
  return { place: parts.placeName, app: app.title, self: request.url, elsewhere, device }
}
