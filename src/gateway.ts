import type { Config } from './config/config.ts'
import { createAcquaintances } from './door/acquaintances.ts'
import { createJourneys, pendingJourneys } from './door/journeys.ts'
import { createPresses } from './door/presses.ts'
import { createDoor } from './door/routes.ts'
import { createTries } from './door/tries.ts'
import { createHttp2 } from './http2/offer.ts'
import type { Clock } from './lib/clock.ts'
import { pause, systemClock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { createRareNotices } from './lib/rare-notices.ts'
import { listen, listenForHttp } from './listen.ts'
import { createLog } from './log.ts'
import { createBell } from './logins/bell.ts'
import { createGrantPolls } from './logins/grant-polls.ts'
import { isLogin } from './logins/login.ts'
import { createLogins, pendingLogins } from './logins/logins.ts'
import { createPending } from './logins/pending.ts'
import { challengePage } from './pages/challenge.ts'
import { chooseLang } from './pages/language.ts'
import { messagePage } from './pages/message.ts'
import type { ProviderSettings } from './provider/discovery.ts'
import { createOpenIdProvider } from './provider/openid.ts'
import { createDeviceGrant } from './provider/openid-device-grant.ts'
import { createRoad } from './provider/road.ts'
import { createWay } from './provider/way.ts'
import { classify } from './screens/classify.ts'
import { judge } from './sessions/allow.ts'
import { cookieNames } from './sessions/cookies.ts'
import { createLiveSessions } from './sessions/live.ts'
import { isSession, type Session } from './sessions/session.ts'
import { createSessions } from './sessions/sessions.ts'
import { createTickets } from './sessions/tickets.ts'
import type { Store } from './store/contract.ts'
import { openDataDir } from './store/data-dir.ts'
import { createIndex } from './store/index-record.ts'
import { createNews } from './store/news.ts'
import type { Records } from './store/records.ts'
import { openRedisStore } from './store/redis.ts'
import { SIGN_OUT, startLink } from './threshold/paths.ts'
import { createThreshold } from './threshold/routes.ts'
import { createStartLimits } from './threshold/start-limits.ts'
import { openCertificate } from './tls/certificate.ts'
import { createPlainHttp } from './traffic/answering/plain-http.ts'
import { createConnections } from './traffic/connection/connections.ts'
import { connectionsFor, readOpenFiles } from './traffic/connection/open-files.ts'
import { createTraffic } from './traffic/dispatch.ts'
import type { TrafficParts } from './traffic/parts.ts'
import { createTrust } from './traffic/reading/arrival.ts'
import { compileWorld } from './world.ts'

/** What the gateway runs on: its config, and what the demo and tests put in place of the machine's own. */
export type GatewayOptions = {
  config: Config
  clock?: Clock
  /** Instead of the SQLite file in `data_dir`; whoever gives it closes it. */
  store?: Store
  /** How the provider is reached, for names that only the demo and tests know. */
  fetch?: typeof fetch
  log?: Log
}

/** A running gateway. */
export interface Gateway {
  /** Sends people elsewhere, lets what is under way finish, as long as the config says, and writes what is pending. */
  close(): Promise<void>
}

/**
 * Builds each part once, from the store up to the listener; closes them in reverse.
 * Throws an `OperatorError` for what only the operator can put right: files, keys, addresses.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, clock = systemClock, log = createLog(config.log.level) } = options
  const world = compileWorld(config)
  const { secure, door } = world

  // A start that fails further down leaves no connection behind, which would keep the process.
  await using undo = new AsyncDisposableStack()
  const redis = world.redis && undo.adopt(await openRedisStore(world.redis, clock, log), (opened) => opened.close())
  const { dataDir: dir, keyFile } = config
  const { store, keyring, drawer } = await openDataDir({ dir, keyFile, store: options.store ?? redis, clock, log })
  const news = createNews(store.feed, clock)

  const live = createLiveSessions()
  const sessionRecords: Records<Session> = drawer('session', isSession)
  const people = createIndex({
    clock,
    records: drawer('person'),
    exists: async (key) => (await sessionRecords.get(key)) !== undefined,
  })
  const issuers = [world.provider.issuer]
  const sessions = createSessions({
    clock,
    log,
    keyring,
    records: sessionRecords,
    people,
    live,
    issuers,
    announceEnd: news.sessionEnded,
  })
  const tickets = createTickets({ clock, keyring, records: drawer('ticket') })

  const tell = createRareNotices(clock, log)
  const pending = createPending(clock, pendingLogins, (network) => tell('logins_let_go', network))
  const bell = createBell(clock)
  const logins = createLogins({
    clock,
    keyring,
    records: drawer('login', isLogin),
    pointers: drawer('pointer'),
    pending,
    changed(id) {
      bell.ring(id)
      news.loginChanged(id).catch(() => log.notice('store_fault', { part: 'feed' }))
    },
  })

  const apps = new Map(world.apps.map((app) => [app.name, app]))
  const road = createRoad(world.road, { fetch: options.fetch as ProviderSettings['fetch'], log })
  undo.defer(road.close)
  const settings = { ...world.provider, fetch: road.fetch, log }
  const deviceGrant = createDeviceGrant(settings, clock)
  const way = createWay({ grant: world.grant, profile: world.provider.profile, deviceGrant, clock, log })
  const polls = createGrantPolls({
    clock,
    log,
    logins,
    deviceGrant,
    mayOpen: (app, person) => apps.has(app) && judge(apps.get(app)?.allow, person).allowed,
  })

  let leaving = false
  let closing = false
  const common = { clock, log, secure, door, classify, keyring, logins, sessions, tickets }
  const threshold = await createThreshold({
    ...common,
    placeName: config.name,
    limits: createStartLimits(clock, tell),
    way,
    polls,
    bell,
    closing: () => closing,
  })
  const atDoor = await createDoor({
    ...common,
    leaving: () => leaving,
    cookies: cookieNames(secure, door.authority),
    apps,
    issuerHost: new URL(world.provider.issuer).host,
    provider: createOpenIdProvider(settings, clock),
    live,
    journeys: createJourneys({
      clock,
      keyring,
      records: drawer('journey'),
      pending: createPending(clock, pendingJourneys, (network) => tell('sign_ins_let_go', network)),
    }),
    acquaintances: createAcquaintances({ clock, keyring, records: drawer('acquaintance') }),
    tries: createTries({ clock, records: drawer('tries'), tell }),
    presses: createPresses(clock, tell),
  })
  const trafficParts: TrafficParts = {
    clock,
    log,
    tell,
    apps: world.apps,
    door,
    publicScheme: world.scheme,
    tlsHere: config.tls !== undefined,
    trustedProxies: config.trustedProxies,
    sessions,
    live,
    startLink: (app, target) => startLink(keyring, app, target),
    signOutPath: SIGN_OUT,
    cold: { door: atDoor, threshold },
    pages: {
      chooseLang,
      challenge: (lang, view) => challengePage(lang, { place: config.name, ...view }),
      // Who knocks at a host that is none of ours learns no name.
      message: (lang, view) => messagePage(lang, { ...(view.params && { place: config.name }), ...view }),
    },
    classify,
  }
  const traffic = createTraffic(trafficParts)
  const http2 = config.tls?.http2 === true ? createHttp2(clock) : undefined
  const connections = createConnections({
    most: connectionsFor(readOpenFiles()),
    isTrusted: createTrust(config.trustedProxies),
    uses: http2?.uses(traffic.uses) ?? traffic.uses,
    tell,
  })
  const stopFollowing = await news.follow({
    onSessionEnded: sessions.endedElsewhere,
    onLoginChanged(id) {
      bell.ring(id)
      pending.seen(id)
    },
    onMissed: sessions.forgetAll,
    onError: () => log.notice('store_fault', { part: 'feed' }),
  })
  const certificate = config.tls && openCertificate({ files: config.tls, hostnames: world.hostnames, clock, log })
  if (certificate !== undefined) undo.defer(certificate.stop)
  const stopListening = await listen({ addresses: config.listen, certificate, http2, traffic, connections, clock })
  undo.defer(() => stopListening(0))
  const redirect = config.httpRedirect
  const plainHttp = createPlainHttp(trafficParts)
  const stopHttp = redirect && (await listenForHttp({ redirect, plainHttp, connections, log }))
  for (const option of config.insecureOptions)
    log.warn('insecure_option', { option, remedy: 'remove it from the config' })
  log.notice('started', { door: door.origin, apps: world.apps.length })
  undo.move()

  return {
    async close() {
      const { drain, finish } = config.stop
      log.notice('stopping', { drain, finish })
      leaving = true
      traffic.retire()
      if (drain > 0) await pause(clock, drain)
      closing = true
      bell.ringAll()
      traffic.dismiss()
      await Promise.all([stopListening(finish), stopHttp?.()])
      await traffic.close()
      certificate?.stop()
      await road.close()
      stopFollowing()
      await sessions.close().catch(() => log.notice('store_fault', { part: 'sessions' }))
      if (options.store === undefined) await store.close()
      log.notice('stopped')
    },
  }
}
