import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { findSession } from '../sessions/find-session.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import { createChallenge } from './answering/challenge.ts'
import { createFail } from './answering/fail.ts'
import { createRedirect } from './answering/redirect.ts'
import { createRefuse } from './answering/refuse.ts'
import { createBrokenMessages } from './connection/broken-message.ts'
import type { ConnectionUse } from './connection/connections.ts'
import { handshakeResponse } from './connection/handshake-response.ts'
import { createTurns } from './connection/turns.ts'
import { decide } from './decide.ts'
import type { AppExchange, Exchange } from './exchange.ts'
import { beginExchange } from './exchange.ts'
import type { Facts } from './facts.ts'
import type { Forwarding } from './forwarding/forwarding.ts'
import { createForwarding } from './forwarding/forwarding.ts'
import { logLine } from './log-line.ts'
import type { TrafficParts } from './parts.ts'
import type { Passage } from './passage.ts'
import type { Arrival } from './reading/arrival.ts'
import { createArrivals } from './reading/arrival.ts'
import { hostOf } from './reading/authority.ts'
import { createDestinations } from './reading/destination.ts'
import { readHead } from './reading/head.ts'
import { createProxyAdvice } from './reading/proxy-advice.ts'
import { createSharedAddresses, hidingHere } from './reading/shared-addresses.ts'
import { readTarget } from './reading/target.ts'
import { handshakeFault, wireFault } from './reading/wire.ts'
import type { Consulted } from './recipe-step.ts'
import { createRecipeStep } from './recipe-step.ts'

/** The hot path: what a server does with each request, see `attach`. */
export interface Traffic extends Pick<Forwarding, 'dismiss' | 'cut' | 'close'> {
  request(req: IncomingMessage, res: ServerResponse): void
  /** A WebSocket handshake, or a CONNECT. */
  upgrade(req: IncomingMessage, socket: Duplex, early: Buffer): void
  /** A message that the parser gave up on. */
  clientError(error: Error, socket: Duplex): void
  /** Looks at what is under way, and tells what a connection is there for. */
  uses(): (socket: Socket) => ConnectionUse
  /** From now on each answer is the last one on its connection. */
  retire(): void
}

/** Builds the hot path. Reads top to bottom: wire, authority, target, session, decision, act. */
export function createTraffic(parts: TrafficParts): Traffic {
  const { clock, log } = parts
  const isShared = createSharedAddresses(hostOf(parts.door.authority), hidingHere(clock))
  const arrivals = createArrivals(parts.trustedProxies, isShared)
  const adviseProxy = createProxyAdvice(parts)
  const destinations = createDestinations(parts)
  const refuse = createRefuse(parts)
  const redirect = createRedirect({ clock, refuse })
  const challenge = createChallenge(parts)
  const fail = createFail({ log, refuse })
  const turns = createTurns()
  const forwarding = createForwarding({ ...parts, refuse, switched })
  const recipes = createRecipeStep({ clock, gates: parts.gates, forwarding, refuse, switched })
  const answerBroken = createBrokenMessages(parts)
  let retired = false

  function arrive(req: IncomingMessage, res: ServerResponse, socket: Socket, upgrade: Exchange['upgrade']): void {
    const head = readHead(req.method ?? '', req.httpVersion, req.url ?? '', req.rawHeaders)
    const arrival = arrivals(socket, head)
    adviseProxy(arrival.peer, head)
    const exchange = beginExchange({ req, res, socket, head, upgrade, begunAt: clock.now(), place: arrival.place })
    res.on('close', () => logRequest(exchange))
    if (retired) res.shouldKeepAlive = false
    try {
      dispatch(exchange, arrival)
    } catch (error) {
      fail(exchange, error)
    }
  }

  function dispatch(exchange: Exchange, arrival: Arrival) {
    const { head, socket } = exchange
    // SECURITY: of what follows an upgrade that we do not take, Node loses the first piece, and reads on in the middle. Test: S14: nothing is read behind an upgrade that is not taken
    if (head.upgrade !== undefined) exchange.res.shouldKeepAlive = false
    const fault = wireFault(head) ?? (exchange.upgrade && handshakeFault(head, exchange.upgrade.early.length > 0))
    if (fault !== undefined) return spoiled(exchange, fault)
    const destination = destinations(head.host, arrival, socket)
    if (destination.kind === 'nowhere') return refuse(exchange, destination.code, destination.code)
    const authority = destination.kind === 'app' ? destination.app.authority : destination.authority
    if (destination.kind === 'app') exchange.app = destination.app
    const target = readTarget(head.target, parts.publicScheme, authority)
    if ('fault' in target) return refuse(exchange, target.fault, target.why)
    exchange.target = target
    if (destination.kind === 'www') return redirect(exchange, parts.door.origin, 'unknown-host')
    if (destination.kind === 'door' || target.reserved) return cold(exchange, target.text)
    return enter(exchange as AppExchange)
  }

  /** Our own pages, at the door or on an app's host. */
  function cold(exchange: Exchange, target: string) {
    const { req, res, app, place } = exchange
    if (exchange.upgrade !== undefined) return refuse(exchange, 'bad-upgrade', 'no-sockets-here')
    if (exchange.head.expect !== undefined) res.writeContinue()
    req.url = target
    exchange.decision = app === undefined ? 'door' : 'threshold'
    if (app === undefined) parts.cold.door(req, res, { place })
    else parts.cold.threshold(req, res, { place, app })
  }

  function enter(exchange: AppExchange) {
    const found = findSession(parts.sessions, exchange.head.cookie, exchange.app.cookies.session)
    if (!(found instanceof Promise)) return consult(exchange, found)
    found
      .then(
        (later) => consult(exchange, later),
        (error: unknown) => fail(exchange, error, 'sessions-unavailable'),
      )
      .catch((error: unknown) => fail(exchange, error))
  }

  /** Apps with a recipe have a say of their own; for all others this is one look into a map. */
  function consult(exchange: AppExchange, found: FoundSession | undefined) {
    const consulted = recipes.consult(exchange, found)
    if (!(consulted instanceof Promise)) return act(exchange, found, consulted)
    consulted
      .then(
        (later) => act(exchange, found, later),
        (error: unknown) => fail(exchange, error, 'sessions-unavailable'),
      )
      .catch((error: unknown) => fail(exchange, error))
  }

  function act(exchange: AppExchange, found: FoundSession | undefined, consulted: Consulted | undefined) {
    const { app, head } = exchange
    // Whoever left while the session was looked up would never be noticed as leaving again.
    if (exchange.socket.destroyed) return
    const webSocket = exchange.upgrade !== undefined
    const decision = decide({ app, head, webSocket, session: found?.session, recipe: consulted && factsOf(consulted) })
    if (decision.kind === 'refuse') {
      const person = decision.code === 'not-allowed' ? found?.session.approvedBy.name : undefined
      return refuse(exchange, decision.code, decision.why, person)
    }
    if (decision.kind === 'challenge') return challenge(exchange, decision.how, decision.why)
    exchange.decision = webSocket ? 'tunnel' : 'forward'
    exchange.reason = decision.why
    const passage = passageOf(decision.why, found, consulted)
    const acted = consulted && recipes.act(exchange, passage, consulted)
    if (acted === undefined) return forwarding.send(exchange, passage)
    acted.catch((error: unknown) => recipeFailed(exchange, error))
  }

  /** Whoever has left has nothing to be told, and no fault of ours is behind it. */
  function recipeFailed(exchange: AppExchange, error: unknown) {
    if (exchange.socket.destroyed) return
    fail(exchange, error, 'recipe-failed')
  }

  /** A tunnel says nothing when it ends. */
  function switched(exchange: Exchange): void {
    turns.leave(exchange.socket)
    logRequest(exchange)
  }

  /** The message itself is not to be trusted, so nothing that follows it on the connection is either. */
  function spoiled(exchange: Exchange, fault: Parameters<typeof refuse>[1]) {
    exchange.res.shouldKeepAlive = false
    refuse(exchange, fault, fault)
  }

  function logRequest(exchange: Exchange): void {
    log.request(logLine(exchange, clock.now()))
  }

  return {
    request: (req, res) => turns.take(req.socket, res, () => arrive(req, res, req.socket, undefined)),
    upgrade(req, duplex, early) {
      // While a body is on its way Node hands over a wrapper; the answer goes to the connection itself.
      const { socket } = req
      for (const stream of [socket, duplex]) stream.on('error', () => undefined)
      // Nobody who waits for an answer switches protocols.
      if (turns.unfinished(socket) !== undefined || !socket.writable) return void socket.destroy()
      arrive(req, handshakeResponse(req, socket), socket, { early })
    },
    clientError: (error, socket) => answerBroken(error, socket, turns.unfinished(socket)),
    uses() {
      const streaming = forwarding.sockets()
      return (socket) => {
        if (streaming.has(socket)) return 'signed-in'
        if (turns.unfinished(socket) !== undefined) return 'busy'
        return turns.hasBegun(socket) ? 'idle' : 'silent'
      }
    },
    retire() {
      retired = true
    },
    dismiss: forwarding.dismiss,
    cut: forwarding.cut,
    close: forwarding.close,
  }
}

function factsOf({ rule, holder }: Consulted): NonNullable<Facts['recipe']> {
  return { open: rule?.open === true, holder }
}

/** `decide` has seen to it that somebody answers for it; a mistake there must still end here. */
function passageOf(by: Passage['by'], found: FoundSession | undefined, consulted: Consulted | undefined): Passage {
  if (by === 'session' && found !== undefined) return { by, found }
  if (by === 'device' && consulted?.holder.kind === 'device') return { by, found: consulted.holder.found }
  if (by === 'app' || by === 'open' || by === 'preflight') return { by }
  throw new Error('forwarding without a session')
}
