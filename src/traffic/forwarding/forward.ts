import { STATUS_CODES } from 'node:http'
import type { Dispatcher } from 'undici'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { endWhenQuiet } from '../answering/answer.ts'
import type { Refuse } from '../answering/refuse.ts'
import { cut } from '../connection/cut.ts'
import type { AppExchange } from '../exchange.ts'
import type { UpstreamLimits } from '../parts.ts'
import type { Passage } from '../passage.ts'
import { hasBody } from '../reading/head.ts'
import type { OpenStreams } from './open-streams.ts'
import type { OwedAnswers } from './owed.ts'
import { preflightHeaders } from './preflight-headers.ts'
import { withoutLength } from './response-headers.ts'
import type { ResponseWriter } from './response-writer.ts'
import { beginResponse, endResponse, showResponse, writeResponse } from './response-writer.ts'
import { uploadOf } from './upload.ts'
import type { Upstream } from './upstream.ts'
import { tellFailure } from './upstream-failure.ts'

/** What forwarding needs. */
export type ForwardParts = {
  clock: Clock
  log: Log
  streams: OpenStreams
  owed: OwedAnswers
  limits: UpstreamLimits
  refuse: Refuse
}

/** Sends a request on and its response back, both as streams. */
export type Forward = (exchange: AppExchange, upstream: Upstream, passage: Passage) => void

const clientLeft = new Error('the client left')
const hung = Object.assign(new Error('an answer is owed and nothing moves'), { code: 'NOTHING_MOVES' })
const reset = Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' })
const unaskedSwitch = new Error('101 to a request that asked for no other protocol')
const endlessInterim = new Error('interim responses without end')

/** An app that is busy for a day says so every 20 seconds (102); each begins the wait for the answer anew. */
const MOST_INTERIM = 5000

/** The forwarder for HTTP. What goes wrong with the app ends in a refusal or, once begun, in a cut response. */
export function createForward({ clock, log, streams, owed, limits, refuse }: ForwardParts): Forward {
  return (exchange, upstream, { by, found }) => {
    const preflight = by === 'preflight'
    const { req, res, head, socket, target } = exchange
    const withBody = hasBody(head)
    const headers = upstream.requestHeaders(
      head,
      req.rawHeaders,
      preflight ? 'preflight' : by === 'session' ? 'http' : 'bare',
      exchange.place.address,
    )
    if (head.contentLength !== undefined) headers.push('Content-Length', head.contentLength)

    let controller: Dispatcher.DispatchController | undefined
    let writer: ResponseWriter | undefined
    let left = false
    let over = false
    let interim = 0
    // Ending the session ends what is under way as well.
    const forget = found && streams.add(found.key, socket, { cut: () => cut(socket, head.version) })
    let paid = owe()

    res.on('error', () => undefined)
    res.on('close', () => {
      left = true
      forget?.()
      paid()
      if (!over) controller?.abort(clientLeft)
    })

    function owe() {
      return owed.add(socket, preflight ? limits.preflightMs : limits.quietMs, () => {
        fail(hung)
        controller?.abort(hung)
      })
    }

    /** A body is asked for when the app is there to take it, and the app's own no comes as soon as it is said. */
    function bodyWanted() {
      if (head.expect !== undefined && !res.headersSent) res.writeContinue()
    }

    /** Interim responses (103) are for the connection that they came on; nobody asked for another protocol. */
    function interimCame(running: Dispatcher.DispatchController, status: number) {
      if (status === 101) return running.abort(unaskedSwitch)
      // SECURITY: interim responses without end would hold the request for ever. Test: S17: headers and interim answers without end are given up
      if (++interim > MOST_INTERIM) return running.abort(endlessInterim)
      if (!left) paid = owe()
    }

    function fail(error: unknown) {
      if (over) return
      over = true
      paid()
      if (left) return
      const { code, why } = tellFailure(log, upstream.app, error)
      // A response that has begun can only be cut: the client must not take a part for the whole.
      if (res.headersSent) cut(socket, head.version)
      else refuse(exchange, error === hung && withBody && !req.complete ? 'upload-stalled' : code, why)
    }

    // SECURITY(replace: reset: withBody → reset: false): an app that does not read a body takes it for the next request on
    // its connection, which nobody has judged, and whose answer would be somebody else's. Test: S12: of an app that does not read a body, nobody else gets the answer to what was hidden there
    upstream.dispatch(
      {
        method: head.method as Dispatcher.HttpMethod,
        // The very bytes that were judged.
        path: target.text,
        headers,
        body: withBody ? uploadOf(req, bodyWanted) : null,
        reset: withBody,
      },
      {
        onRequestStart(started) {
          controller = started
          if (left || over) started.abort(clientLeft)
        },
        onResponseStart(running, status, _parsed, statusText) {
          paid()
          if (status < 200) return interimCame(running, status)
          if (left) return
          if (withBody && !req.complete) res.shouldKeepAlive = false
          const kept = upstream.responseHeaders(running.rawHeaders as Buffer[], !preflight && by !== 'open')
          // SECURITY: a stranger asks, and some apps take OPTIONS for GET. Test: N2: the answer to a preflight says who may read, and nothing else
          if (preflight) return void res.writeHead(status, preflightHeaders(kept, status)).end()
          const shown = status === 204 ? withoutLength(kept) : kept
          writer = beginResponse(exchange, { status, reason: reason(status, statusText), headers: shown })
        },
        onResponseData(running, chunk) {
          if (left || writer === undefined || writeResponse(writer, chunk)) return
          running.pause()
          res.once('drain', () => running.resume())
        },
        onResponseEnd() {
          if (upstream.isBreaking()) return fail(reset)
          over = true
          if (left || writer === undefined) return
          if (!withBody || req.complete) return endResponse(writer)
          showResponse(writer)
          endWhenQuiet(exchange, clock)
        },
        onResponseError(_controller, error) {
          fail(error)
        },
      },
    )
  }
}

/** The upstream's own words where they are plain ASCII. */
function reason(status: number, text: string | undefined): string {
  return text !== undefined && /^[\x20-\x7e]*$/.test(text) ? text : (STATUS_CODES[status] ?? '')
}
