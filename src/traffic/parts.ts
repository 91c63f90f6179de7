import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Place } from '../lib/place.ts'
import type { RareNotices } from '../lib/rare-notices.ts'
import type { GatePages } from '../pages/gate.ts'
import type { RecipeGate } from '../recipes/recipe.ts'
import type { Screen, ScreenFacts } from '../screens/screen.ts'
import type { LiveSessions } from '../sessions/live.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { App } from './app.ts'

/** All that the hot path needs from the rest of the program. It renders, stores and asks nobody by itself. */
export type TrafficParts = {
  clock: Clock
  log: Log
  /** For the log, of what strangers can bring about at will. */
  tell: RareNotices
  apps: readonly App[]
  door: { authority: string; origin: string }
  /** The scheme that people type. */
  publicScheme: Scheme
  /** Whether the listener itself speaks TLS. */
  tlsHere: boolean
  /** Addresses and CIDRs whose forwarding headers count; empty: nobody's. */
  trustedProxies: readonly string[]
  sessions: SessionFinder
  live: LiveSessions
  /** What recipes make of requests, by the name of the app; no entry for apps without one. */
  gates: ReadonlyMap<string, RecipeGate>
  /** Path and query that a challenge leads to, with `target` sealed inside. Called for people's navigations only. */
  startLink(app: App, target: string): string
  /** Where whoever is signed in on an app's host can sign out. */
  signOutPath: string
  /** Cold handlers: everything at the door, and everything below `/.entryphone/` on an app's host. */
  cold: { door: ColdHandler<{ place: Place }>; threshold: ColdHandler<{ place: Place; app: App }> }
  pages: GatePages
  classify(facts: ScreenFacts): Screen
  /** Milliseconds; the defaults suit everybody but tests. */
  upstreamLimits?: UpstreamLimits
}

/** What people type, and what apps are told. */
export type Scheme = 'http' | 'https'

/** Answers a request at one of our own addresses; `facts` is what is known of it by then. */
export type ColdHandler<Facts> = (req: IncomingMessage, res: ServerResponse, facts: Facts) => void

/** Finds what a cookie opens. */
export interface SessionFinder {
  /**
   * The live session behind a cookie's value; undefined when it has ended, run out or never was. Answers without a
   * promise when it knows. A rejection is a fault and refuses the request.
   */
  find(cookieValue: string): FoundSession | undefined | Promise<FoundSession | undefined>
  /** Bytes have moved on a connection that was open anyway. Called at most once a minute for each connection. */
  touch(key: string): void
}

/** How long an app may take. */
export type UpstreamLimits = {
  /** From dialling to an open connection, TLS included. */
  connectMs: number
  /** From the handshake of a WebSocket to its answer. */
  handshakeMs: number
  /**
   * Any other answer may take hours, as a long poll does. An app that owes one for longer than this, while its client
   * sends nothing more either, has hung: clients that never lose patience would pile up.
   */
  quietMs: number
  /** The same for a CORS preflight, which anybody can send. */
  preflightMs: number
}
