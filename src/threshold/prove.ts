import type { FastifyReply } from 'fastify'
import { isNavigation } from '../http/fetch-metadata.ts'
import { leadTo, ownHeaders, sendMessage } from '../http/reply.ts'
import { MINUTE } from '../lib/clock.ts'
import type { Place } from '../lib/place.ts'
import type { MessageKind, MessageView } from '../pages/message-view.ts'
import type { Identity } from '../provider/provider.ts'
import type { Accounts, AccountUse } from '../recipes/accounts.ts'
import { findSession } from '../sessions/find-session.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { ThresholdExchange } from './exchange.ts'
import { PROVE, PROVED, startLink } from './paths.ts'
import { whoIsHere } from './who-is-here.ts'

const PROOF_MS = 10 * MINUTE

/** Leads through the app's own page once, to show who this person is there, or which account their screens get. */
export async function prove(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const use = (request.query as { use?: unknown }).use === 'screens' ? 'screens' : 'own'
  const signedIn = await findSession(parts.sessions, request.headers.cookie, app.cookies.session)
  // The phone page leads here, and that phone may never have opened the app.
  if (signedIn === undefined) return leadTo(reply, startLink(parts.keyring, app, `${PROVE}?use=${use}`))
  const found = await whoIsHere(exchange)
  const page = parts.accounts.get(app.name)?.people.page
  if (found?.session.kind !== 'browser' || page === undefined) return leadTo(reply, '/')
  const state = parts.keyring.seal('proof', JSON.stringify([parts.clock.now() + PROOF_MS, use]), found.key)
  return leadTo(reply, page(app.origin + PROVED, state))
}

/**
 * The app's page has led back: whoever signed in there is who this person is there, from now on. Then the browser stands on
 * the same address without the code, so that loading it again says the same.
 */
export async function proved(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply, place } = exchange
  const found = await whoIsHere(exchange)
  // SECURITY: a screen is everybody's, and nobody there says who its person is. Test: nobody is linked by what is typed on a screen
  if (found?.session.kind !== 'browser') return leadTo(reply, '/')
  const accounts = parts.accounts.get(app.name)
  if (accounts === undefined) return leadTo(reply, '/')
  const person = found.session.approvedBy
  const mine = `${parts.door.origin}/me/apps/${encodeURIComponent(app.name)}`
  const { code, state } = request.query as { code?: unknown; state?: unknown }
  if (code === undefined && state === undefined) return sayWho(exchange, accounts, person, mine)
  const begun = openState(exchange, found, state)
  if (begun === undefined || typeof code !== 'string') return leadTo(reply, '/')
  const actions: MessageView['actions'] = [{ label: 'try-again', href: mine }]
  const [until, use] = begun
  if (parts.clock.now() > until) return sendMessage(reply, 403, { kind: 'proof-ended', actions })
  const shown = await show(accounts, { person, code, use, place }).catch(() => undefined)
  const params = { app: app.title }
  if (shown === undefined) return sendMessage(reply, 503, { kind: 'upstream-down', params, actions })
  const { user, outcome } = shown
  if (user === undefined || outcome !== 'taken-on') {
    const kind = refusals[outcome ?? ''] ?? 'proof-failed'
    return sendMessage(reply, 403, { kind, params: { ...params, person: user?.name ?? '' }, actions })
  }
  parts.log.notice('person_linked', { app: app.name, how: 'proved', use })
  // Whoever administers the app has one more thing to decide there.
  return leadTo(reply, use === 'screens' || user.admin ? mine : PROVED)
}

/** Who this person has shown to be. */
async function sayWho(
  { parts, app, reply }: ThresholdExchange,
  accounts: Accounts,
  person: Identity,
  mine: string,
): Promise<FastifyReply> {
  const who = await accounts.find(person, 'browser', 'look').catch(() => undefined)
  if (who === undefined || 'failed' in who || who.link.how !== 'proved') return leadTo(reply, mine)
  return sendMessage(reply, 200, {
    kind: 'proved',
    params: { app: app.title, person: who.user.name },
    actions: [
      { label: 'my-screens', href: `${parts.door.origin}/me` },
      { label: 'open-app', href: '/' },
    ],
  })
}

/** What an account that was shown is refused for, where there is more to say than that nothing has changed. */
const refusals: Partial<Record<string, MessageKind>> = {
  admin: 'proof-admin',
  taken: 'proof-taken',
  disabled: 'enter-disabled',
}

type Proof = { person: Identity; code: string; use: AccountUse; place: Place }

/** Who the app says that it was, and what has become of it. */
async function show(accounts: Accounts, { person, code, use, place }: Proof) {
  const user = await accounts.people.prove('page', { code }, place)
  return { user, outcome: user && (await accounts.take(person, user, use)) }
}

/** Until when, and what for; undefined when it was not begun in this session. */
function openState({ parts }: ThresholdExchange, { key }: FoundSession, state: unknown) {
  // SECURITY(replace: state, key → state, ''): somebody else's code would make this person somebody else there. Test: a proof that was begun in another session links nobody
  const text = typeof state === 'string' ? parts.keyring.open('proof', state, key) : undefined
  return text === undefined ? undefined : (JSON.parse(text) as [number, AccountUse])
}
