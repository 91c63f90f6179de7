import type { Dispatcher } from 'undici'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Seen } from '../../recipes/recipe.ts'
import type { Refuse } from '../answering/refuse.ts'
import { cut } from '../connection/cut.ts'
import type { AppExchange } from '../exchange.ts'
import type { UpstreamLimits } from '../parts.ts'
import type { Passage } from '../passage.ts'
import { keepFields } from './keep-fields.ts'
import type { OpenStreams } from './open-streams.ts'
import { withoutLength } from './response-headers.ts'
import type { Upstream } from './upstream.ts'
import { tellFailure } from './upstream-failure.ts'

/** What holding needs. */
export type HoldParts = { clock: Clock; log: Log; streams: OpenStreams; refuse: Refuse; limits: UpstreamLimits }

/** An app's whole answer that the client has not got yet; `pass` gives it what the app said. */
export type Held = { seen: Seen; pass(): void }

/**
 * Sends a request on with a body that has been read, and waits for the whole answer, which a recipe wants to see first.
 * Resolves with undefined when the client has left or has been refused: the app is down, or says more than fits.
 */
export type Hold = (
  exchange: AppExchange,
  upstream: Upstream,
  passage: Passage,
  body: Buffer,
) => Promise<Held | undefined>

/** Each way. What a recipe looks at is small. */
export const HELD_BYTES = 65_536

const tooMuch = Object.assign(new Error('more than a recipe reads'), { code: 'ANSWER_TOO_LONG' })
const coded = Object.assign(new Error('a coding that nobody asked for'), { code: 'ANSWER_CODED' })
const slow = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
const clientLeft = new Error('the client left')

/** The forwarder for what recipes observe. */
export function createHold({ clock, log, streams, refuse, limits }: HoldParts): Hold {
  return (exchange, upstream, { by, found }, body) => {
    const { req, res, head, socket, target } = exchange
    const kind = by === 'session' ? 'http' : 'bare'
    const headers = upstream.requestHeaders(head, withoutCodings(req.rawHeaders), kind, exchange.place.address)
    if (head.contentLength !== undefined || body.length > 0) headers.push('Content-Length', String(body.length))
    const signedIn = by !== 'open'

    return new Promise((resolve) => {
      let controller: Dispatcher.DispatchController | undefined
      let over = false
      let status = 0
      let length = 0
      let fields: string[] = []
      const chunks: Buffer[] = []
      const forget = found && streams.add(found.key, socket, { cut: () => cut(socket, head.version) })
      const cancel = clock.after(limits.handshakeMs, () => give(slow))
      const left = () => end(undefined, clientLeft)
      res.on('close', left)

      function end(held: Held | undefined, reason?: Error) {
        if (over) return
        over = true
        cancel()
        res.off('close', left)
        // From here on the recipe answers for it: it may be about to end the session, and the client is to hear of that.
        forget?.()
        if (reason !== undefined) controller?.abort(reason)
        resolve(held)
      }

      function give(error: unknown) {
        if (over) return
        end(undefined, error instanceof Error ? error : clientLeft)
        const { code, why } = tellFailure(log, upstream.app, error)
        refuse(exchange, code, why)
      }

      upstream.dispatch(
        {
          method: head.method as Dispatcher.HttpMethod,
          path: target.text,
          headers,
          body: body.length > 0 ? body : null,
          reset: body.length > 0,
        },
        {
          onRequestStart(started) {
            controller = started
            if (over) started.abort(clientLeft)
          },
          onResponseStart(running, code) {
            if (code < 200) return code === 101 ? running.abort(coded) : undefined
            status = code
            const raw = (running.rawHeaders as Buffer[]).map((one) => one.toString('latin1'))
            if (isCoded(raw)) return running.abort(coded)
            fields = raw
          },
          onResponseData(running, chunk) {
            length += chunk.length
            // SECURITY: what a recipe has not seen whole must not reach the client. Test: an answer that is too long to be looked at is not passed on
            if (length > HELD_BYTES) running.abort(tooMuch)
            else chunks.push(chunk)
          },
          onResponseEnd() {
            const seen = { status, fields, body: Buffer.concat(chunks) }
            const kept = withoutLength(upstream.responseHeaders(fields, signedIn))
            if (status !== 204 && status !== 304) kept.push('Content-Length', String(seen.body.length))
            end({
              seen,
              pass: () => void res.writeHead(status, kept).end(head.method === 'HEAD' ? undefined : seen.body),
            })
          },
          onResponseError: (_controller, error) => give(error),
        },
      )
    })
  }
}

/** The app is to answer in plain, or nobody could look at it. */
function withoutCodings(raw: readonly string[]): string[] {
  return keepFields(raw, (name) => name !== 'accept-encoding')
}

function isCoded(fields: readonly string[]): boolean {
  return fields.some(
    (field, i) => i % 2 === 0 && field.toLowerCase() === 'content-encoding' && fields[i + 1] !== 'identity',
  )
}
