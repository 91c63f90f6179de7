import type { FastifyReply } from 'fastify'
import { isOwnPost } from '../http/fetch-metadata.ts'
import { langOf, leadTo, sendJson, sendMessage, sendPage } from '../http/reply.ts'
import { enterPage } from '../pages/enter.ts'
import { enterFailedPage } from '../pages/enter-failed.ts'
import type { RecipeEntry } from '../recipes/recipe.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { ThresholdExchange } from './exchange.ts'
import { AS_IT_IS, ENTER, openTarget } from './paths.ts'
import { whoIsHere } from './who-is-here.ts'

/** Takes whoever is signed in here into the app, or says why that does not work. */
export async function showEnter(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  const going = await whoGoes(exchange)
  if (going === undefined) return leadTo(reply, '/')
  const { failed: why } = request.query as { failed?: unknown }
  const carried = carriedBy(exchange)
  const view = { place: parts.placeName, app: app.title, post: ENTER + carried, reads: going.entry.reads }
  const failed = failures.find((one) => one === why)
  if (failed === undefined) return sendPage(reply, 200, enterPage(langOf(request), view))
  const doorHost = parts.door.authority
  const person = going.found.session.actsAs.name
  return sendPage(
    reply,
    200,
    enterFailedPage(langOf(request), { ...view, failed, doorHost, person, asItIs: AS_IT_IS + carried }),
  )
}

/** What the page asks for: what to write into this browser's storage. */
export async function enter(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { app, request, reply, place } = exchange
  // SECURITY: what opens the app is for our own page alone. Test: no page of another site, and no frame, is told what opens the app
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  const going = await whoGoes(exchange)
  if (going === undefined) return sendMessage(reply, 401, { kind: 'ticket-ended' })
  const { entry, found } = going
  const sent = request.body instanceof Map ? (request.body as ReadonlyMap<string, string>) : new Map<string, string>()
  const read = Object.fromEntries(entry.reads.flatMap((key) => (sent.has(key) ? [[key, sent.get(key) as string]] : [])))
  const entered = await entry.enter(found, read, place)
  const isOn = 'go' in entered && carriedBy(exchange) !== ''
  return sendJson(reply, isOn ? { ...entered, go: targetOf(exchange) } : entered)
}

/** "Open it anyway": the app's own sign-in is wanted, for as long as this session lasts. */
export async function openAsItIs(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  const going = await whoGoes(exchange)
  if (going !== undefined) await parts.inside.decline(going.found)
  return leadTo(reply, targetOf(exchange))
}

/** The page of the app that was asked for, where a recipe has said so: `/` for anything else. */
function targetOf({ parts, app, request }: ThresholdExchange): string {
  return openTarget(parts.keyring, app, (request.query as { to?: unknown }).to)
}

/** The query that takes it along from one page to the next. */
function carriedBy(exchange: ThresholdExchange): string {
  const { to } = exchange.request.query as { to?: unknown }
  return targetOf(exchange) === '/' ? '' : `?to=${to}`
}

/** The session of this host, and the way into the app; undefined where there is neither. */
async function whoGoes(exchange: ThresholdExchange): Promise<{ entry: RecipeEntry; found: FoundSession } | undefined> {
  const { parts, app } = exchange
  const entry = parts.recipes.get(app.name)?.entry
  const found = await whoIsHere(exchange)
  return entry === undefined || found === undefined ? undefined : { entry, found }
}

const failures = ['not-linked', 'admin', 'disabled', 'app-down', 'app-refuses', 'storage'] as const
