import type { FastifyReply } from 'fastify'
import { isNavigation } from '../../http/fetch-metadata.ts'
import { exactForm } from '../../http/form.ts'
import { langOf, leadTo, sendJson, sendMessage, sendPage } from '../../http/reply.ts'
import { appCodePage } from '../../pages/app-code.ts'
import { appConfirmPage } from '../../pages/app-confirm.ts'
import type { AccountUse } from '../../recipes/accounts.ts'
import type { AppUser } from '../../recipes/recipe.ts'
import type { DoorExchange } from '../exchange.ts'
import { formToken } from '../phone.ts'
import { type AccountExchange, carried, carry, findApp, pressedFor, purposeOf } from './exchange.ts'
import { sendApp } from './page.ts'
import { sendHasty, takeTry } from './proof-tries.ts'
import { takeAccount, useOf } from './take-account.ts'

/** Digits on their way into the app, and what is asked for with them. */
type Begun = { digits: string; handle: string; typedAt: string; use: AccountUse }
type Shown = { user: AppUser; use: AccountUse }

/** Has the app begin: it gives digits, which the person types where they are signed in. */
export async function beginCode(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  const form = exactForm(request.body, ['token', 'use'])
  const use = useOf(form?.get('use'))
  const about = await pressedFor(exchange, form?.get('token'))
  if (about === undefined || use === undefined) return sendMessage(reply, 403, { kind: 'form-stale' })
  const { people } = about.accounts
  if (people.begin === undefined) return sendMessage(reply, 404, { kind: 'not-found' })
  const waitMs = await takeTry(about)
  if (waitMs > 0) return sendHasty(about, waitMs)
  try {
    return leadTo(reply, codeLink(about, { ...(await people.begin()), use }))
  } catch {
    about.parts.log.notice('proof_failed', { app: about.app.name })
    return sendApp(about, 503, 'app-down')
  }
}

/** The digits, until they have been typed; then who that was. The page's script asks at the same address. */
export async function showCode(exchange: DoorExchange): Promise<FastifyReply> {
  const { place, request, reply } = exchange
  const about = await findApp(exchange)
  if (about === undefined || about === 'nobody') return leadTo(reply, '/me')
  const { code } = request.query as { code?: unknown }
  const begun = carried<Begun>(about, 'code', code)
  if (begun === undefined)
    return isNavigation(request) ? sendApp(about, 410, 'code-over') : sendJson(reply, { go: about.here })
  // An app that is down for a moment has not said no.
  const user = await about.accounts.people.prove('code', { handle: begun.handle }, place).catch(() => undefined)
  const next = user && confirmLink(about, { user, use: begun.use })
  if (!isNavigation(request)) return sendJson(reply, next === undefined ? {} : { go: next })
  if (next !== undefined) return leadTo(reply, next)
  const view = { doorHost: about.parts.door.authority, app: about.app.title, back: about.here }
  return sendPage(reply, 200, appCodePage(langOf(request), { ...view, ...begun, self: request.url }))
}

/** "Are you Kim there?": whoever typed the digits may have been somebody else. */
export async function showConfirm(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  const about = await findApp(exchange)
  if (about === undefined || about === 'nobody') return leadTo(reply, '/me')
  const { shown: sealed } = request.query as { shown?: unknown }
  const shown = carried<Shown>(about, 'shown', sealed)
  if (shown === undefined) return sendApp(about, 410, 'code-over')
  const page = appConfirmPage(langOf(request), {
    doorHost: about.parts.door.authority,
    app: about.app.title,
    name: shown.user.name,
    use: shown.use,
    form: { action: `${about.here}/confirm`, token: formToken(about, purposeOf(about.app)), shown: String(sealed) },
    back: about.here,
  })
  return sendPage(reply, 200, page)
}

/** "Yes, that is me." */
export async function confirmCode(exchange: DoorExchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  const form = exactForm(request.body, ['token', 'shown'])
  const about = await pressedFor(exchange, form?.get('token'))
  if (about === undefined) return sendMessage(reply, 403, { kind: 'form-stale' })
  const shown = carried<Shown>(about, 'shown', form?.get('shown'))
  if (shown === undefined) return sendApp(about, 410, 'code-over')
  return takeAccount(about, shown.user, shown.use).catch(() => sendApp(about, 503, 'app-down'))
}

function codeLink(about: AccountExchange, begun: Begun): string {
  return `${about.here}/code?code=${carry(about, 'code', begun)}`
}

function confirmLink(about: AccountExchange, shown: Shown): string {
  return `${about.here}/confirm?shown=${carry(about, 'shown', shown)}`
}
