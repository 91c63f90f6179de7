import type { FastifyReply } from 'fastify'
import { isNavigation, isOwnPost } from '../http/fetch-metadata.ts'
import { langOf, leadTo, ownHeaders, sendMessage, sendPage } from '../http/reply.ts'
import { screenFactsOf } from '../http/screen-facts.ts'
import { sendTooMany } from '../http/too-many.ts'
import { randomId } from '../lib/random.ts'
import { times } from '../lib/times.ts'
import { choicePage } from '../pages/choice.ts'
import { nameDevice } from '../screens/device.ts'
import { cookieOptions, readCookie } from '../sessions/cookies.ts'
import { findSession } from '../sessions/find-session.ts'
import type { Binding } from './binding.ts'
import { giveBinding, readBinding } from './binding.ts'
import type { ThresholdExchange } from './exchange.ts'
import { knownDevice } from './known-device.ts'
import { chooseLink, hereLink, openTarget, THRESHOLD } from './paths.ts'
import { isSignedOut, showSignedOut } from './signed-out.ts'

type Query = { to?: unknown }

/** Finds the one pending login of this browser and app, or begins one, and leads on: screens to the QR, others to the door. */
export async function start(exchange: ThresholdExchange): Promise<FastifyReply> {
  const { parts, app, request, reply } = exchange
  // A prefetch, a preview or a script's request begins nothing.
  if (!isNavigation(request)) return reply.code(204).headers(ownHeaders).send()
  const target = openTarget(parts.keyring, app, (request.query as Query).to)
  const found = await findSession(parts.sessions, request.headers.cookie, app.cookies.session)
  if (found?.session.app === app.name) return leadTo(reply, target)

  const binding = readBinding(exchange)
  switch (wayOf(exchange)) {
    case 'phone': {
      const pending = (await resume(exchange, target, binding)) ?? (await begin(exchange, target))
      if ('login' in pending) return leadTo(reply, `${THRESHOLD}/${pending.login}/`)
      const elsewhere = { label: 'sign-in', post: hereLink(parts.keyring, app, target) } as const
      return sendTooMany(reply, pending.waitMs, { kind: 'too-many-starts', actions: [elsewhere] })
    }
    case 'here': {
      if (await isSignedOut(exchange)) return showSignedOut(exchange, target)
      const { secret } = giveBinding(exchange, binding)
      return leadTo(reply, `${parts.door.origin}/sign-in?visit=${parts.tickets.visit(app.name, target, secret)}`)
    }
    case 'ask':
      return leadTo(reply, chooseLink(parts.keyring, app, target))
  }
}

/** The person's own choice on this device beats what we make of its user agent. */
function wayOf({ parts, request, app }: ThresholdExchange): 'phone' | 'here' | 'ask' {
  const chosen = readCookie(request.headers.cookie, app.cookies.way)
  if (chosen === 'phone' || chosen === 'here') return chosen
  switch (parts.classify(screenFactsOf(request)).class) {
    case 'constrained':
    case 'webview':
      return 'phone'
    case 'capable':
      return 'here'
    case 'uncertain':
      return 'ask'
  }
}

/** The pending login that this browser has already. */
async function resume(
  exchange: ThresholdExchange,
  target: string,
  binding: Binding | undefined,
): Promise<{ login: string } | undefined> {
  const { parts, app, place } = exchange
  if (binding?.login === undefined) return undefined
  const pending = await parts.logins.getBound(binding.login, binding.secret)
  if (pending?.app !== app.name || pending.state.step !== 'pending') return undefined
  // Whoever begins again and again goes on with what there is: each change is written, and told to every gateway.
  // SECURITY(replace: === 0 → >= 0): their noise would push the news of ended sessions out of the feed. Test: D12: beginning the same login again and again is not told to other gateways without end
  if (parts.limits.take({ place, device: pending.id }) === 0) {
    const applied = await parts.logins.apply(pending.id, { kind: 'retargeted', target })
    if ('refused' in applied) return undefined
  }
  giveBinding(exchange, binding)
  return { login: pending.id }
}

/** A new one, or how long to wait for it. */
async function begin(exchange: ThresholdExchange, target: string): Promise<{ login: string } | { waitMs: number }> {
  const { parts, app, place, request } = exchange
  const knownAs = knownDevice(exchange)
  const waitMs = parts.limits.take({ place, device: knownAs })
  if (waitMs > 0) return { waitMs }
  // A fresh secret for each login: what has been decided under an old one stays with it.
  const secret = randomId()
  const device = nameDevice(parts.classify(screenFactsOf(request)))
  const ask = { app: app.name, target, device, place, known: knownAs !== undefined }
  const login = await parts.logins.begin(ask, secret, await parts.way.begin(place.address))
  giveBinding(exchange, { secret, login: login.id })
  return { login: login.id }
}

/** "How do you want to open it?", for devices that cannot be told apart. */
export function choose({ parts, app, request, reply }: ThresholdExchange): FastifyReply {
  const to = encodeURIComponent(String((request.query as Query).to ?? ''))
  const view = {
    place: parts.placeName,
    app: app.title,
    byPhone: `${THRESHOLD}/way/phone?to=${to}`,
    here: `${THRESHOLD}/way/here?to=${to}`,
  }
  return sendPage(reply, 200, choicePage(langOf(request), view))
}

/** Remembers on this device how it signs in, and begins anew that way. */
export function chooseWay(exchange: ThresholdExchange, way: 'phone' | 'here'): FastifyReply {
  const { parts, app, request, reply } = exchange
  // SECURITY: no other site picks the way for this device. Test: U23: a page of another site cannot choose how a device signs in
  if (!isOwnPost(request, app.origin)) return sendMessage(reply, 403, { kind: 'cross-site' })
  reply.setCookie(app.cookies.way, way, cookieOptions(times.device, parts.clock.now(), parts.secure))
  const to = encodeURIComponent(String((request.query as Query).to ?? ''))
  return leadTo(reply, `${THRESHOLD}/start?to=${to}`)
}
