import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY, systemClock } from '../src/lib/clock.ts'
import { silentLog } from '../src/lib/log.ts'
import { randomId } from '../src/lib/random.ts'
import { openRecipes } from '../src/recipes/open-recipes.ts'
import { cookieNames } from '../src/sessions/cookies.ts'
import { createLiveSessions } from '../src/sessions/live.ts'
import type { Session } from '../src/sessions/session.ts'
import { createSessions } from '../src/sessions/sessions.ts'
import { openDataDir } from '../src/store/data-dir.ts'
import { createIndex } from '../src/store/index-record.ts'

/** What a gateway needs to run in front of one app, in a folder of its own. */
export type GatewayData = {
  config: string
  /** Authority of the app. */
  host: string
  /** Cookie header of somebody who is signed in there. */
  cookie: string
  /** What their session was given inside the app, as its recipe keeps it. */
  token: string
}

const ISSUER = 'http://127.0.0.1:9'

/** Writes a config, and a session into the SQLite store as the gateway itself keeps it. */
export async function makeGatewayData(
  dir: string,
  { port, upstream, recipe }: { port: number; upstream: string; recipe: string },
): Promise<GatewayData> {
  const config = join(dir, 'entryphone.yaml')
  writeFileSync(join(dir, 'secret'), 'none', { mode: 0o600 })
  const host = `app.localhost:${port}`
  writeFileSync(
    config,
    `public_url: http://door.localhost:${port}
insecure_http: true
listen: 127.0.0.1:${port}
data_dir: ${dir}
provider:
  # Never asked: the session is there already.
  issuer: ${ISSUER}
  client_id: bench
  client_secret_file: ${join(dir, 'secret')}
apps:
  app:
    host: ${host}
    upstream: ${upstream}
    recipe: ${recipe}
`,
  )
  const secret = randomId()
  const token = randomId()
  await keepSession(dir, secret, token)
  return { config, host, cookie: `${cookieNames(false, host).session}=${secret}`, token }
}

async function keepSession(dir: string, secret: string, token: string): Promise<void> {
  const clock = systemClock
  const { store, keyring, drawer } = await openDataDir({ dir, clock, log: silentLog })
  const sessions = createSessions({
    clock,
    log: silentLog,
    keyring,
    records: drawer('session'),
    people: createIndex({ clock, records: drawer('person'), exists: async () => true }),
    live: createLiveSessions(),
    issuers: [ISSUER],
    announceEnd: async () => undefined,
    onEnd: () => undefined,
  })
  await sessions.create(secret, session())
  const settings = { apps: [], settings: new Map(), kinds: new Map(), mayOpen: () => true }
  const recipes = openRecipes({ clock, log: silentLog, keyring, sessions, drawer, createIndex, ...settings })
  const found = await sessions.find(secret)
  if (found === undefined) throw new Error('the session is not there')
  await recipes.inside.keep(found, { secret: token }, [token])
  await recipes.close()
  await sessions.close()
  await store.close()
}

function session(): Session {
  const person = { issuer: ISSUER, sub: 'anna', name: 'Anna', email: 'anna@home.example' }
  const now = systemClock.now()
  return {
    kind: 'screen',
    ref: randomId(),
    app: 'app',
    approvedBy: person,
    actsAs: person,
    device: { name: 'Television', kind: 'tv', brand: '' },
    stay: 'ours',
    place: { address: '127.0.0.1', certain: true },
    createdAt: now,
    lastSeenAt: now,
    idleMs: DAY,
    absoluteUntil: now + DAY,
    authTime: 0,
  }
}
