import type { Clock } from '../../lib/clock.ts'
import { SECOND } from '../../lib/clock.ts'
import type { Page } from '../../pages/views.ts'
import { allowsReadsFrom } from '../decide.ts'
import type { Exchange } from '../exchange.ts'
import { hasBody } from '../reading/head.ts'

/** A whole answer of our own. `headers` is flat: name, value, name, value … */
export type Answer = { status: number; type: string; headers?: readonly string[]; body: string }

/** How much of a body that nobody wants is read, and for how long, so that the sender gets to read the answer. */
const LINGER_BYTES = 262_144
const LINGER_MS = 2 * SECOND

/** A page with the policy that its own style and script need. */
export function pageAnswer(status: number, page: Page, headers: readonly string[] = []): Answer {
  return {
    status,
    type: 'text/html; charset=utf-8',
    headers: ['Content-Security-Policy', page.csp, 'X-Frame-Options', 'DENY', ...headers],
    body: page.html,
  }
}

/** A problem document (RFC 9457) with a stable `code`. */
export function problemAnswer(
  problem: { status: number; title: string; code: string; [member: string]: unknown },
  headers: readonly string[] = [],
): Answer {
  const body = JSON.stringify({ type: 'about:blank', ...problem })
  return { status: problem.status, type: 'application/problem+json', headers, body }
}

/** One line of text. */
export function textAnswer(status: number, line: string, headers: readonly string[] = []): Answer {
  return { status, type: 'text/plain; charset=utf-8', headers, body: `${line}\n` }
}

/**
 * Sends an answer of our own: never stored, never sniffed, readable for scripts of origins that the app lists, and the
 * last one on its connection when a body is still on its way.
 */
export function send(exchange: Exchange, clock: Clock, answer: Answer): void {
  const { req, res, head } = exchange
  if (res.headersSent || res.destroyed) {
    res.destroy()
    return
  }
  const unread = hasBody(head) && !req.complete
  if (unread || head.fault !== undefined) res.shouldKeepAlive = false
  res.writeHead(answer.status, [
    'Content-Type',
    answer.type,
    'Content-Length',
    String(Buffer.byteLength(answer.body)),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'Referrer-Policy',
    'no-referrer',
    ...(answer.headers ?? []),
    ...corsHeaders(exchange),
  ])
  // Who waits for `100 Continue` has sent nothing, and a handshake has no body that anybody meant.
  if (!unread || head.expect !== undefined || exchange.upgrade !== undefined) {
    res.end(answer.body)
    return
  }
  res.write(answer.body)
  endWhenQuiet(exchange, clock)
}

/** Ends a response whose request is still arriving: takes in a little more of it, then closes the connection. */
export function endWhenQuiet({ req, res }: Exchange, clock: Clock): void {
  let left = LINGER_BYTES
  const cancel = clock.after(LINGER_MS, end)
  function end(): void {
    cancel()
    req.off('data', discard).off('end', end).off('close', end)
    res.end()
  }
  function discard(chunk: Buffer): void {
    left -= chunk.length
    if (left < 0) end()
  }
  req.on('data', discard).on('end', end).on('close', end)
}

function corsHeaders({ app, head }: Exchange): string[] {
  if (app === undefined || head.origin === undefined || !allowsReadsFrom(app, head.origin)) return []
  const exposed = ['Access-Control-Expose-Headers', 'WWW-Authenticate', 'Vary', 'Origin']
  if (app.cors.includes('*')) return ['Access-Control-Allow-Origin', '*', ...exposed]
  return ['Access-Control-Allow-Origin', head.origin, 'Access-Control-Allow-Credentials', 'true', ...exposed]
}
