import type { FastifyReply } from 'fastify'
import { leadTo, sendMessage } from '../http/reply.ts'
import { MINUTE } from '../lib/clock.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { ThresholdExchange } from './exchange.ts'
import { openTarget, THRESHOLD } from './paths.ts'
import { whoIsHere } from './who-is-here.ts'

const YES_MS = 5 * MINUTE

/** Asks the person about a request to the app: what it grants leaves this browser. */
export async function showConfirm(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const found = await whoIsHere(exchange)
  const target = openTarget(parts.keyring, app, (request.query as { to?: unknown }).to)
  if (found === undefined || parts.recipes.get(app.name)?.consent?.asksFor(target) !== true) return leadTo(reply, '/')
  return sendMessage(reply, 200, {
    kind: 'confirm-app',
    params: { app: app.title, person: found.session.actsAs.name },
    // A link, as browsers hold what follows a form to the policy of its page, and this leads to an app.
    actions: [
      { label: 'yes-let-it-in', href: yesLink(exchange, found, target) },
      { label: 'open-app', href: '/' },
    ],
  })
}

/** "Yes": goes where the app that asked takes it from. */
export async function sayYes(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply, place } = exchange
  const found = await whoIsHere(exchange)
  const { yes } = request.query as { yes?: unknown }
  const target = found && openYes(exchange, found, yes)
  // SECURITY: only a press on the page that this very session was shown counts. Test: a link to the yes of another session, or of another time, gives nothing away
  if (found === undefined || target === undefined) return leadTo(reply, '/')
  const go = await parts.recipes.get(app.name)?.consent?.give(found, target, place)
  // The app itself has to ask: it is told to, by the same address.
  if (go === undefined) {
    await parts.inside.decline(found)
    return sendMessage(reply, 200, { kind: 'enter-app-refuses', params: { app: app.title } })
  }
  return leadTo(reply, go)
}

function yesLink({ parts }: ThresholdExchange, { key }: FoundSession, target: string): string {
  const until = parts.clock.now() + YES_MS
  return `${THRESHOLD}/confirm/yes?yes=${parts.keyring.seal('yes', JSON.stringify([until, target]), key)}`
}

function openYes({ parts }: ThresholdExchange, { key }: FoundSession, yes: unknown): string | undefined {
  const text = typeof yes === 'string' ? parts.keyring.open('yes', yes, key) : undefined
  if (text === undefined) return undefined
  const [until, target] = JSON.parse(text) as [number, string]
  return parts.clock.now() < until ? target : undefined
}
