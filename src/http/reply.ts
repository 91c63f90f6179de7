import type { FastifyReply, FastifyRequest } from 'fastify'
import { chooseLang } from '../pages/language.ts'
import { messagePage } from '../pages/message.ts'
import type { MessageView } from '../pages/message-view.ts'
import type { Lang, Page } from '../pages/views.ts'

/** The language of the person in front of this browser. */
export function langOf(request: FastifyRequest): Lang {
  return chooseLang(request.headers['accept-language'])
}

/** Headers of everything that is ours: nothing is stored, framed, sniffed or leaked by a Referer. */
export const ownHeaders = {
  'cache-control': 'no-store',
  // A page says which of its own style and script may run.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: browsers would send `Origin: null` with our own forms (Fetch §3.2).
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** From the first sign-in on, and for this host alone: its neighbours may speak plain http. */
export const hsts = { 'strict-transport-security': 'max-age=31536000' } as const

/** Sends one of our pages. */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  return reply
    .code(status)
    .headers({ ...ownHeaders, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page.csp })
    .send(page.html)
}

/** What the message pages of one server have in common: where one is, and the way on where a page names none. */
export type Home = { place: string; wayOn: NonNullable<MessageView['actions']>[number] }

declare module 'fastify' {
  interface FastifyInstance {
    home: Home
  }
}

/** Sends a page of one heading and a sentence. */
export function sendMessage(reply: FastifyReply, status: number, view: MessageView): FastifyReply {
  const { place, wayOn } = reply.server.home
  return sendPage(reply, status, messagePage(langOf(reply.request), { place, actions: [wayOn], ...view }))
}

/** Leads the browser on. Always 303: a form is never posted again somewhere else (RFC 9700 §4.12). */
export function leadTo(reply: FastifyReply, location: string): FastifyReply {
  return reply
    .code(303)
    .headers({ ...ownHeaders, location })
    .send()
}

/** A tiny JSON answer for a page's own script. */
export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply
    .code(200)
    .headers({ ...ownHeaders, 'content-type': 'application/json' })
    .send(JSON.stringify(value))
}
