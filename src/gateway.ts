import type { Config } from './config/config.ts'
import { createPresses } from './door/presses.ts'
import { createDoor } from './door/routes.ts'
import { createAcquaintances } from './door/screens/acquaintances.ts'
import { createJourneys, pendingJourneys } from './door/sign-in/journeys.ts'
import { createTries } from './door/tries.ts'
import { openEntrance } from './entrance.ts'
import type { Clock } from './lib/clock.ts'
import { pause, systemClock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { createRareNotices } from './lib/rare-notices.ts'
import { createLog } from './log.ts'
import { createBell } from './logins/bell.ts'
import { createGrantPolls } from './logins/grant-polls.ts'
import { isLogin } from './logins/login.ts'
import { createLogins, pendingLogins } from './logins/logins.ts'
import { createPending } from './logins/pending.ts'
import { createPointers } from './logins/pointers.ts'
import { createGatePages } from './pages/gate.ts'
import type { ProviderSettings } from './provider/discovery.ts'
import { createOpenIdProvider } from './provider/openid.ts'
import { createDeviceGrant } from './provider/openid-device-grant.ts'
import type { Identity } from './provider/provider.ts'
import { createRoad } from './provider/road.ts'
import { createWay } from './provider/way.ts'
import { openRecipes } from './recipes/open-recipes.ts'
import type { RecipeKind } from './recipes/registry.ts'
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
import { openRedisStore } from './store/redis.ts'
import { confirmLink, ENTER, enterLink, SIGN_OUT, startLink } from './threshold/paths.ts'
import { createThreshold } from './threshold/routes.ts'
import { createStartLimits } from './threshold/start-limits.ts'
import { createPlainHttp } from './traffic/answering/plain-http.ts'
import { createTraffic } from './traffic/dispatch.ts'
import type { TrafficParts } from './traffic/parts.ts'
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
  /** Further recipes, by the name of the app that they are for. */
  recipes?: ReadonlyMap<string, RecipeKind>
}

/** A running gateway. */
export interface Gateway {
  /** Sends people elsewhere, lets what is under way finish, as long as the config says, and writes what is pending. */
  close(): Promise<void>
}

/**
 * Builds each part once, from the store up to the entrance; closes them in reverse.
 * Throws an `OperatorError` for what only the operator can put right: files, keys, addresses.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, clock = systemClock, log = createLog(config.log.level) } = options
  const world = compileWorld(config)
  const { secure, door } = world
  const apps = new Map(world.apps.map((app) => [app.name, app]))
  const tell = createRareNotices(clock, log)
  let stage: 'serving' | 'leaving' | 'closing' = 'serving'

  // A start that fails further down closes what it has opened: a connection left behind would keep the process.
  await using opened = new AsyncDisposableStack()
  const shared =
    options.store ??
    (world.redis && opened.adopt(await openRedisStore(world.redis, clock, log), (redis) => redis.close()))
  const { dataDir: dir, keyFile } = config
  const { store, keyring, drawer } = await openDataDir({ dir, keyFile, store: shared, clock, log })
  if (shared === undefined) opened.defer(() => store.close())
  const news = createNews(store.feed, clock)
  const tellFault = (part: 'feed' | 'sessions') => () => log.notice('store_fault', { part })

  const live = createLiveSessions()
  const sessionRecords = drawer<Session>('session', isSession)
  const exists = async (key: string) => (await sessionRecords.get(key)) !== undefined
  const sessions = createSessions({
    clock,
    log,
    keyring,
    records: sessionRecords,
    people: createIndex({ clock, records: drawer('person'), exists }),
    live,
    issuers: [world.provider.issuer],
    announceEnd: news.sessionEnded,
    onEnd: (key) => void inside.leave(key),
  })
  opened.defer(() => sessions.close().catch(tellFault('sessions')))
  const tickets = createTickets({ clock, keyring, records: drawer('ticket') })

  const bell = createBell(clock)
  const pending = createPending(clock, pendingLogins, (network) => tell('logins_let_go', network))
  const logins = createLogins({
    clock,
    keyring,
    records: drawer('login', isLogin),
    pointers: createPointers(keyring, drawer('pointer')),
    pending,
    changed(id) {
      bell.ring(id)
      news.loginChanged(id).catch(tellFault('feed'))
    },
  })
  const stopFollowing = await news.follow({
    onSessionEnded: sessions.endedElsewhere,
    onLoginChanged(id) {
      bell.ring(id)
      pending.seen(id)
    },
    onMissed: sessions.forgetAll,
    onError: tellFault('feed'),
  })
  opened.defer(stopFollowing)

  const road = createRoad(world.road, { fetch: options.fetch as ProviderSettings['fetch'], log })
  opened.defer(road.close)
  const settings = { ...world.provider, fetch: road.fetch, log }
  const deviceGrant = createDeviceGrant(settings, clock)
  const way = createWay({ grant: world.grant, profile: world.provider.profile, deviceGrant, clock, log })
  const mayOpen = (app: string, person: Identity) => apps.has(app) && judge(apps.get(app)?.allow, person).allowed
  async function describe(person: Identity): Promise<void> {
    for (const app of accounts.keys()) await links.describe(app, person)
  }
  const polls = createGrantPolls({ clock, log, logins, deviceGrant, mayOpen, describe })

  const {
    byApp: recipes,
    gates,
    links,
    accounts,
    inside,
    close: closeRecipes,
  } = openRecipes({
    clock,
    log,
    keyring,
    sessions,
    drawer,
    createIndex,
    apps: world.apps,
    settings: world.recipes,
    kinds: options.recipes ?? new Map(),
    mayOpen,
    pages: (app) => ({
      enter: ENTER,
      enterFor: (target) => enterLink(keyring, app, target),
      confirm: (target) => confirmLink(keyring, app, target),
    }),
  })
  opened.defer(closeRecipes)

  const common = { clock, log, secure, door, classify, keyring, logins, sessions, tickets }
  const threshold = await createThreshold({
    ...common,
    recipes,
    inside,
    accounts,
    placeName: config.name,
    limits: createStartLimits(clock, tell),
    way,
    polls,
    bell,
    closing: () => stage === 'closing',
  })
  const trips = createPending(clock, pendingJourneys, (network) => tell('sign_ins_let_go', network))
  const atDoor = await createDoor({
    ...common,
    recipes,
    links,
    describe,
    accounts,
    inside,
    leaving: () => stage !== 'serving',
    cookies: cookieNames(secure, door.authority),
    apps,
    issuerHost: new URL(world.provider.issuer).host,
    provider: createOpenIdProvider(settings, clock),
    live,
    journeys: createJourneys({ clock, keyring, records: drawer('journey'), pending: trips }),
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
    gates,
    startLink: (app, target) => startLink(keyring, app, target),
    signOutPath: SIGN_OUT,
    cold: { door: atDoor, threshold },
    pages: createGatePages(config.name),
    classify,
  }
  const traffic = createTraffic(trafficParts)
  opened.defer(traffic.close)
  const plainHttp = createPlainHttp(trafficParts)
  const { hostnames } = world
  const closeEntrance = await openEntrance({ config, hostnames, traffic, plainHttp, tell, clock, log })
  opened.defer(() => closeEntrance(config.stop.finish))

  for (const option of config.insecureOptions)
    log.warn('insecure_option', { option, remedy: 'remove it from the config' })
  log.notice('started', { door: door.origin, apps: world.apps.length })
  const running = opened.move()

  return {
    async close() {
      const { drain, finish } = config.stop
      log.notice('stopping', { drain, finish })
      stage = 'leaving'
      traffic.retire()
      if (drain > 0) await pause(clock, drain)
      stage = 'closing'
      bell.ringAll()
      traffic.dismiss()
      await running.disposeAsync()
      log.notice('stopped')
    },
  }
}
