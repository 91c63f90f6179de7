import { join } from 'node:path'
import type { Config } from './config/config.ts'
import type { Acquaintance } from './door/acquaintances.ts'
import { createAcquaintances } from './door/acquaintances.ts'
import type { Journey } from './door/journeys.ts'
import { createJourneys } from './door/journeys.ts'
import { createDoor } from './door/routes.ts'
import { createTries } from './door/tries.ts'
import type { Clock } from './lib/clock.ts'
import { systemClock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'
import { listen } from './listen.ts'
import { createLog } from './log.ts'
import { createBell } from './logins/bell.ts'
import type { Login } from './logins/login.ts'
import type { Pointer } from './logins/logins.ts'
import { createLogins } from './logins/logins.ts'
import { createOpenIdProvider } from './provider/openid.ts'
import { classify } from './screens/classify.ts'
import { cookieNames } from './sessions/cookies.ts'
import { createLiveSessions } from './sessions/live.ts'
import type { Session } from './sessions/session.ts'
import { createSessions } from './sessions/sessions.ts'
import type { Ticket } from './sessions/tickets.ts'
import { createTickets } from './sessions/tickets.ts'
import type { Store } from './store/contract.ts'
import type { IndexEntry } from './store/index-record.ts'
import { createIndex } from './store/index-record.ts'
import { createKeyring } from './store/keyring.ts'
import { loadMasterKeys } from './store/keys.ts'
import { listenToNews } from './store/news.ts'
import { createRecords } from './store/records.ts'
import { openSqliteStore } from './store/sqlite.ts'
import { createThreshold } from './threshold/routes.ts'
import { startLink } from './threshold/start-link.ts'
import type { App } from './traffic/app.ts'

export type GatewayOptions = {
  config: Config
  clock?: Clock
  /** Instead of the SQLite file in `data_dir`. */
  store?: Store
  /** How the provider is reached, for names that only the demo and tests know. */
  fetch?: typeof fetch
  log?: Log
}

export interface Gateway {
  /** Stops taking requests, ends what is open, writes what is pending. */
  close(): Promise<void>
}
