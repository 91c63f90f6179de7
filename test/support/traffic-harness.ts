import type { Server, ServerOptions } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createHttp2, http2Protocols } from '../../src/http2/offer.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Log, LogFields } from '../../src/lib/log.ts'
import { createRareNotices } from '../../src/lib/rare-notices.ts'
import type { Screen } from '../../src/screens/screen.ts'
import { cookieNames } from '../../src/sessions/cookies.ts'
import type { LiveSessions } from '../../src/sessions/live.ts'
import { createLiveSessions } from '../../src/sessions/live.ts'
import type { Session } from '../../src/sessions/session.ts'
import type { App } from '../../src/traffic/app.ts'
import { attach } from '../../src/traffic/connection/attach.ts'
import type { Connections } from '../../src/traffic/connection/connections.ts'
import { createConnections } from '../../src/traffic/connection/connections.ts'
import { serverOptions } from '../../src/traffic/connection/server-options.ts'
import type { Traffic } from '../../src/traffic/dispatch.ts'
import { createTraffic } from '../../src/traffic/dispatch.ts'
import type { SessionFinder, TrafficParts } from '../../src/traffic/parts.ts'
import type { Recorder } from './recorder.ts'
import { startRecorder } from './recorder.ts'
import { sampleSession } from './sample-session.ts'

/** What a test can reach of the hot path and of what stands around it. */
export type TrafficHarness = {
  port: number
  traffic: Traffic
  connections: Connections
  app: App
  other: App
  recorder: Recorder
  otherRecorder: Recorder
  live: LiveSessions
  /** By cookie value. */
  sessions: Map<string, { key: string; session: Session }>
  touched: string[]
  lines: LogFields[]
  notices: ({ event: string } & LogFields)[]
  /** What was asked to be sealed into a start link. */
  links: string[]
  /** What the hot path was given. */
  parts: TrafficParts
  /** Cookie header value of a session for `app`, or for the app named. */
  cookie: string
  otherCookie: string
  /** A request text: with the session's cookie and `Connection: close`, to `app`'s host. */
  signedIn(line: string, ...headers: string[]): string
  anonymous(line: string, ...headers: string[]): string
  /** A signed-in request, given with its version, whose framing and connection are the test's own. */
  framed(line: string, headers: string[], body?: string): string
  /** Waits for the log line of the next request that is over. */
  nextLine(): Promise<LogFields>
  close(): Promise<void>
}

/** What a test wants otherwise. */
export type HarnessOptions = {
  app?: Partial<App>
  clock?: Clock
  find?: SessionFinder['find']
  screen?: Screen
  parts?: Partial<TrafficParts>
  /** Sessions are found by a promise, as they are when the store is asked. */
  slowly?: boolean
  /** The server speaks TLS itself. */
  tls?: { cert: string; key: string }
  /** And HTTP/2 as well. */
  http2?: boolean
  /** How many connections there may be, and whose are not counted. */
  connections?: { most: number; isTrusted?: (address: string) => boolean }
  /** Times of the server that suit a test. */
  server?: ServerOptions
}

/** One hot path for all tests of a file; what it recorded is cleared before each. */
export function useTraffic(options: HarnessOptions = {}): TrafficHarness {
  const gate = {} as TrafficHarness
  beforeAll(async () => void Object.assign(gate, await startTraffic(options)))
  beforeEach(() => gate.recorder.clear())
  afterAll(() => gate.close?.())
  return gate
}

const desktop: Screen = { class: 'capable', kind: 'desktop', brand: '', why: 'test' }

/** The hot path on a real server, in front of recording upstreams, with sessions in memory and cold handlers that only say who they are. */
export async function startTraffic(options: HarnessOptions = {}): Promise<TrafficHarness> {
  const recorder = await startRecorder()
  const otherRecorder = await startRecorder()
  const app = appOf('movies', recorder.url, options.app ?? {})
  const other = appOf('photos', otherRecorder.url, {})
  const sessions: TrafficHarness['sessions'] = new Map([
    ['movies-session', { key: 'movies-key', session: sampleSession('movies') }],
    ['photos-session', { key: 'photos-key', session: sampleSession('photos') }],
    [
      'door-session',
      { key: 'door-key', session: { ...sampleSession('movies'), app: undefined as never, kind: 'door' } },
    ],
  ])
  const live = createLiveSessions()
  const lines: LogFields[] = []
  const waiting: ((line: LogFields) => void)[] = []
  const notices: TrafficHarness['notices'] = []
  const touched: string[] = []
  const links: string[] = []
  const lookUp = (value: string) => sessions.get(value)
  const clock = options.clock ?? systemClock
  const log: Log = {
    request(line) {
      lines.push(line)
      waiting.shift()?.(line)
    },
    notice: (event, fields) => void notices.push({ event, ...fields }),
    warn: (event, fields) => void notices.push({ event, ...fields }),
  }
  const parts: TrafficParts = {
    clock,
    log,
    tell: createRareNotices(clock, log),
    apps: [app, other],
    door: { authority: 'door.home.example', origin: 'https://door.home.example' },
    publicScheme: 'https',
    tlsHere: options.tls !== undefined,
    trustedProxies: [],
    sessions: {
      find: options.find ?? (options.slowly ? async (value) => lookUp(value) : lookUp),
      touch: (key) => void touched.push(key),
    },
    live,
    gates: new Map(),
    startLink(_app, target) {
      links.push(target)
      return `/.entryphone/auth/start?to=sealed-${links.length}`
    },
    signOutPath: '/.entryphone/auth/sign-out',
    cold: {
      door: (req, res) => void res.end(`door ${req.url}`),
      threshold: (req, res, facts) => void res.end(`threshold ${facts.app.name} ${req.url}`),
    },
    pages: {
      chooseLang: () => 'en',
      challenge: (_lang, { link, title }) => ({
        html: `<p>challenge ${title} <a href="${link}">go</a>`,
        csp: "default-src 'none'",
      }),
      message: (_lang, view) => ({
        html: `<p>message ${view.kind} ${view.actions?.[0]?.href ?? ''}`,
        csp: "default-src 'none'",
      }),
    },
    classify: () => options.screen ?? desktop,
    ...options.parts,
  }
  const traffic = createTraffic(parts)
  const ownOptions = { ...serverOptions, ...options.server }
  const http2 = options.http2 === true ? createHttp2(clock) : undefined
  const server: Server =
    options.tls === undefined
      ? createServer(ownOptions)
      : createTlsServer({ ...ownOptions, ...options.tls, ...(http2 && { ALPNProtocols: http2Protocols }) })
  const connections = createConnections({
    most: options.connections?.most ?? 1000,
    isTrusted: options.connections?.isTrusted ?? (() => false),
    uses: http2?.uses(traffic.uses) ?? traffic.uses,
    tell: (event, network) => void notices.push({ event, network }),
  })
  connections.follow(server)
  http2?.offer(server as TlsServer)
  attach(server, traffic)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cookie = `${app.cookies.session}=movies-session`
  const text = (line: string, headers: string[]) =>
    `${line} HTTP/1.1\r\nHost: ${app.authority}\r\nConnection: close\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`
  return {
    port: (server.address() as AddressInfo).port,
    traffic,
    parts,
    connections,
    app,
    other,
    recorder,
    otherRecorder,
    live,
    sessions,
    touched,
    lines,
    notices,
    links,
    cookie,
    otherCookie: `${other.cookies.session}=photos-session`,
    signedIn: (line, ...headers) => text(line, [`Cookie: ${cookie}`, ...headers]),
    anonymous: (line, ...headers) => text(line, headers),
    framed: (line, headers, body = '') =>
      `${[line, `Host: ${app.authority}`, `Cookie: ${cookie}`, ...headers].join('\r\n')}\r\n\r\n${body}`,
    nextLine: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      await traffic.close()
      http2?.cut()
      connections.cut()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([recorder.close(), otherRecorder.close()])
    },
  }
}

/** An app as it is compiled from a config. */
export function appOf(name: string, upstream: URL, more: Partial<App>): App {
  const authority = `${name}.home.example`
  return {
    name,
    authority,
    upstream,
    upstreamTls: undefined,
    title: name === 'movies' ? 'Movies' : 'Photos',
    origin: `https://${authority}`,
    allow: undefined,
    cors: [],
    trustedOrigins: [],
    requestHeaders: [],
    cookies: cookieNames(true, authority),
    ...more,
  }
}
