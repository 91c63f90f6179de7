import type { FastifyReply } from 'fastify'
import { isNavigation } from '../http/fetch-metadata.ts'
import { leadTo, ownHeaders, sendMessage } from '../http/reply.ts'
import { MINUTE } from '../lib/clock.ts'
import type { ThresholdExchange } from './exchange.ts'
import { PROVED } from './paths.ts'
import { whoIsHere } from './who-is-here.ts'

const PROOF_MS = 10 * MINUTE

/** Leads through the app's own page once, to show who this person is there. */
export async function prove(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const found = await whoIsHere(exchange)
  const page = parts.recipes.get(app.name)?.people?.page
  if (found?.session.kind !== 'browser' || page === undefined) return leadTo(reply, '/')
  const state = parts.keyring.seal('proof', String(parts.clock.now() + PROOF_MS), found.key)
  return leadTo(reply, page(app.origin + PROVED, state))
}

/** The app's page has led back: whoever signed in there is who this person is there, from now on. */
export async function proved(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply, place } = exchange
  const found = await whoIsHere(exchange)
  const people = parts.recipes.get(app.name)?.people
  const { code, state } = request.query as { code?: unknown; state?: unknown }
  // SECURITY(replace: found.key → ''): somebody else's code would make this person somebody else there. Test: a proof that was begun in another session links nobody
  const until = found && typeof state === 'string' && parts.keyring.open('proof', state, found.key)
  // SECURITY: a screen is everybody's, and nobody there says who its person is. Test: nobody is linked by what is typed on a screen
  if (found?.session.kind !== 'browser') return leadTo(reply, '/')
  if (people === undefined || !until || typeof code !== 'string') return leadTo(reply, '/')
  if (parts.clock.now() > Number(until)) return sendMessage(reply, 403, { kind: 'ticket-ended' })
  const user = await people.prove('page', { code }, place)
  const link = user && { userId: user.id, name: user.name, how: 'proved' as const }
  const made = link && (await parts.links.make(app.name, found.session.approvedBy, link))
  if (made === undefined || made === 'taken')
    return sendMessage(reply, 403, { kind: 'proof-failed', params: { app: app.title } })
  parts.log.notice('person_linked', { app: app.name, how: 'proved' })
  return sendMessage(reply, 200, {
    kind: 'proved',
    params: { app: app.title, person: made.name },
    actions: [
      { label: 'my-screens', href: `${parts.door.origin}/me` },
      { label: 'open-app', href: '/' },
    ],
  })
}
