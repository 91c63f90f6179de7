import type { Socket } from 'node:net'
import { HOUR, MINUTE, SECOND } from '../../lib/clock.ts'
import type { Refuse } from '../answering/refuse.ts'
import type { App } from '../app.ts'
import type { AppExchange } from '../exchange.ts'
import type { TrafficParts, UpstreamLimits } from '../parts.ts'
import type { Passage } from '../passage.ts'
import { createForward } from './forward.ts'
import { createHold, type Held } from './hold.ts'
import { createOpenStreams } from './open-streams.ts'
import { createOwedAnswers } from './owed.ts'
import { createTunnel, type FirstWord } from './tunnel.ts'
import type { Upstream } from './upstream.ts'
import { createUpstream } from './upstream.ts'

/** The ways to all apps, and what is open on them. */
export interface Forwarding {
  /** Sends a request on, and its answer back; a WebSocket handshake becomes a tunnel, for whoever `first` lets go on. */
  send(exchange: AppExchange, passage: Passage, first?: FirstWord): void
  /** The same with a request body that has been read, and hands the app's whole answer over instead of passing it on. */
  hold(exchange: AppExchange, passage: Passage, body: Buffer): Promise<Held | undefined>
  /** The clients' connections on which something of somebody who is signed in is under way. */
  sockets(): Set<Socket>
  /** Tells every WebSocket to come again elsewhere; requests that are under way go on. */
  dismiss(): void
  /** Cuts whatever is open. */
  cut(): void
  /** The same, and lets go of the upstreams. */
  close(): Promise<void>
}

type ForwardingParts = Pick<
  TrafficParts,
  'clock' | 'log' | 'apps' | 'door' | 'publicScheme' | 'live' | 'sessions' | 'upstreamLimits'
> & {
  refuse: Refuse
  /** From here on there is a tunnel, which outlives all that belongs to its handshake. */
  switched(exchange: AppExchange): void
}

const LIMITS: UpstreamLimits = {
  connectMs: 5 * SECOND,
  handshakeMs: 5 * MINUTE,
  quietMs: 2 * HOUR,
  preflightMs: MINUTE,
}

/** One upstream for each app; connections are made when they are needed. */
export function createForwarding(parts: ForwardingParts): Forwarding {
  const { clock, log, refuse, switched, upstreamLimits: limits = LIMITS } = parts
  const streams = createOpenStreams(clock, parts.live, parts.sessions)
  const owed = createOwedAnswers(clock, Math.min(MINUTE, limits.quietMs))
  const forward = createForward({ clock, log, streams, refuse, owed, limits })
  const tunnel = createTunnel({ clock, log, streams, refuse, headersMs: limits.handshakeMs, switched })
  const hold = createHold({ clock, log, streams, refuse, limits })
  const upstreamParts = { doorAuthority: parts.door.authority, publicScheme: parts.publicScheme, limits, log }
  const upstreams = new Map<App, Upstream>(parts.apps.map((app) => [app, createUpstream(app, upstreamParts)]))

  function upstreamOf({ app }: AppExchange): Upstream {
    const upstream = upstreams.get(app)
    if (upstream === undefined) throw new Error(`no upstream for ${app.name}`)
    return upstream
  }

  return {
    send(exchange, passage, first) {
      if (exchange.upgrade === undefined) forward(exchange, upstreamOf(exchange), passage)
      else tunnel(exchange, upstreamOf(exchange), passage, first)
    },
    hold: (exchange, passage, body) => hold(exchange, upstreamOf(exchange), passage, body),
    sockets: streams.sockets,
    dismiss: streams.dismissAll,
    cut: streams.closeAll,
    async close() {
      owed.close()
      streams.closeAll()
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
    },
  }
}
