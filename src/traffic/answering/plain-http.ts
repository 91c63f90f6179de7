import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { peerAddress } from '../../lib/ip-address.ts'
import { createBrokenMessages } from '../connection/broken-message.ts'
import { handshakeResponse } from '../connection/handshake-response.ts'
import type { Traffic } from '../dispatch.ts'
import type { Exchange } from '../exchange.ts'
import { beginExchange } from '../exchange.ts'
import { logLine } from '../log-line.ts'
import type { TrafficParts } from '../parts.ts'
import { canonicalAuthority, hostOf } from '../reading/authority.ts'
import { readHead } from '../reading/head.ts'
import { readTarget } from '../reading/target.ts'
import { wireFault } from '../reading/wire.ts'
import { send, textAnswer } from './answer.ts'
import { createFail } from './fail.ts'
import { createRedirect } from './redirect.ts'
import { createRefuse } from './refuse.ts'

/** What answers on the port of plain http beside our own TLS. */
export type PlainHttp = Pick<Traffic, 'request' | 'upgrade' | 'clientError'>

type PlainHttpParts = Pick<TrafficParts, 'clock' | 'log' | 'door' | 'apps' | 'pages' | 'tell'> &
  Parameters<typeof createRefuse>[0]

/** Not led to https: a page at the door that tells televisions what is wrong with their https, once there is one. */
const CHECK_PAGE = '/tv'
const ACME = '/.well-known/acme-challenge/'

/**
 * Leads browsers from http:// to the https:// of the door or of an app, each by its host alone: no session is looked for,
 * no app is asked, and nothing of the request but its path goes into the answer. One answer a connection.
 */
export function createPlainHttp(parts: PlainHttpParts): PlainHttp {
  const { clock, log } = parts
  const refuse = createRefuse(parts)
  const fail = createFail({ log, refuse })
  const redirect = createRedirect({ clock, refuse })
  const origins = originsByHost(parts)
  const answerBroken = createBrokenMessages(parts)

  function answer(req: IncomingMessage, res: ServerResponse, socket: Socket, early: Buffer | undefined): void {
    const head = readHead(req.method ?? '', req.httpVersion, req.url ?? '', req.rawHeaders)
    const place = { address: peerAddress(socket), certain: false }
    const upgrade = early && { early }
    const exchange = beginExchange({ req, res, socket, head, upgrade, begunAt: clock.now(), place })
    res.shouldKeepAlive = false
    res.on('close', () => log.request(logLine(exchange, clock.now())))
    try {
      judge(exchange)
    } catch (error) {
      fail(exchange, error)
    }
  }

  function judge(exchange: Exchange) {
    const { head } = exchange
    const fault = wireFault(head)
    if (fault !== undefined) return refuse(exchange, fault, fault)
    const authority = canonicalAuthority(head.host ?? '', 'http')
    if (authority === undefined) return refuse(exchange, 'bad-host', 'bad-host')
    const origin = origins.get(hostOf(authority))
    // SECURITY: whatever Host says would be where people are led. Test: V1: plain http for a host that is not ours leads nowhere
    if (origin === undefined) return refuse(exchange, 'unknown-host', 'unknown-host')
    const target = readTarget(head.target, 'http', authority)
    if ('fault' in target) return refuse(exchange, target.fault, target.why)
    exchange.target = target
    if (origin === parts.door.origin && target.path === CHECK_PAGE)
      return nothing(exchange, 'There is no check page yet.')
    if (target.path.startsWith(ACME))
      return nothing(exchange, 'Challenges of ACME are answered elsewhere: see docs/tls.md.')
    redirect(exchange, origin, 'needs-https')
  }

  function nothing(exchange: Exchange, line: string) {
    exchange.decision = 'refuse'
    exchange.reason = 'not-found'
    send(exchange, clock, textAnswer(404, line))
  }

  return {
    request: (req, res) => answer(req, res, req.socket, undefined),
    upgrade(req, duplex, early) {
      const { socket } = req
      for (const stream of [socket, duplex]) stream.on('error', () => undefined)
      answer(req, handshakeResponse(req, socket), socket, early)
    },
    clientError: (error, socket) => answerBroken(error, socket, undefined),
  }
}

/** Where each of our hosts is. Of several on one host, that at the usual port; none where it could be either of two. */
function originsByHost({ door, apps }: Pick<TrafficParts, 'door' | 'apps'>): Map<string, string> {
  const places = [door, ...apps]
  const found = new Map<string, string>()
  for (const { authority, origin } of places) {
    const host = hostOf(authority)
    const others = places.filter((place) => hostOf(place.authority) === host)
    if (others.length === 1 || authority === host) found.set(host, origin)
  }
  found.set(`www.${hostOf(door.authority)}`, door.origin)
  return found
}
