import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY, systemClock } from '../src/lib/clock.ts'
import { silentLog } from '../src/lib/log.ts'
import { randomId } from '../src/lib/random.ts'
import { createInside } from '../src/recipes/inside.ts'
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
  /** Authorization header of what their session was given inside the app. */
  authorization: string
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** How the token that a recipe knows by `id` stands in a request. */
const tokenForms = {
  jellyfin: (id: string) => `MediaBrowser Token="${id}"`,
  'home-assistant': (id: string) =>
    `Bearer ${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: id, iat: 1, exp: 2e9 })}.${'s'.repeat(43)}`,
}
export type TokenForm = keyof typeof tokenForms

const ISSUER = 'http://127.0.0.1:9'

/** Writes a config, and a session into the SQLite store as the gateway itself keeps it. */
export async function makeGatewayData(
  dir: string,
  { port, upstream, recipe, token }: { port: number; upstream: string; recipe: string; token: TokenForm },
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
  const id = Buffer.from(randomId(), 'base64url').toString('hex').slice(0, 32)
  await keepSession(dir, secret, id)
  return { config, host, cookie: `${cookieNames(false, host).session}=${secret}`, authorization: tokenForms[token](id) }
}

async function keepSession(dir: string, secret: string, mark: string): Promise<void> {
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
  const inside = createInside({
    clock,
    log: silentLog,
    keyring,
    records: drawer('inside'),
    marks: drawer('mark'),
    lists: createIndex({ clock, records: drawer('inside-list'), exists: async () => true }),
    isOver: async () => false,
    recipes: new Map(),
  })
  const found = await sessions.find(secret)
  if (found === undefined) throw new Error('the session is not there')
  await inside.keep(found, { secret: mark }, [mark])
  inside.close()
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
