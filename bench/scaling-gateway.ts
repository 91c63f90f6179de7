import { hash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY, systemClock } from '../src/lib/clock.ts'
import { silentLog } from '../src/lib/log.ts'
import { randomId } from '../src/lib/random.ts'
import { cookieNames } from '../src/sessions/cookies.ts'
import { createLiveSessions } from '../src/sessions/live.ts'
import { isSession, type Session } from '../src/sessions/session.ts'
import { createSessions, type Sessions } from '../src/sessions/sessions.ts'
import { openDataDir } from '../src/store/data-dir.ts'
import { createIndex } from '../src/store/index-record.ts'
import { createNews } from '../src/store/news.ts'
import { openRedisStore } from '../src/store/redis.ts'
import type { RedisSettings } from '../src/store/redis-settings.ts'

/** A gateway on a Redis, and a second one beside it that makes and ends sessions. */
export type ScalingGateway = {
  config: string
  /** Authority of the app, and of one that sends whatever length is asked for. */
  host: string
  films: string
  /** Signs one more screen in, each of another person; its key, and its cookie header. */
  signIn(app?: 'app' | 'films'): Promise<{ key: string; cookie: string }>
  /** Reads the feed, where there is nothing new. */
  readFeed(): Promise<unknown>
  /** Signs it out here, which the other one learns from the feed. */
  signOut(key: string): Promise<void>
  close(): Promise<void>
}

export async function makeScalingGateway(
  dir: string,
  port: number,
  upstream: string,
  filmsUpstream: string,
  redis: RedisSettings,
): Promise<ScalingGateway> {
  const [config, keyFile] = [join(dir, 'entryphone.yaml'), join(dir, 'keys')]
  writeFileSync(join(dir, 'secret'), 'none', { mode: 0o600 })
  writeFileSync(keyFile, `1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  const [host, films] = [`app.localhost:${port}`, `films.localhost:${port}`]
  writeFileSync(
    config,
    `public_url: http://door.localhost:${port}
insecure_http: true
listen: 127.0.0.1:${port}
trusted_proxies: [127.0.0.1]
data_dir: ${dir}
key_file: ${keyFile}
store: redis://127.0.0.1:${redis.nodes[0]?.port}
provider:
  # Never asked: nobody signs in at it.
  issuer: http://127.0.0.1:9
  client_id: bench
  client_secret_file: ${join(dir, 'secret')}
device_login: { grant: gateway }
apps:
  app:
    host: ${host}
    upstream: ${upstream}
  films:
    host: ${films}
    upstream: ${filmsUpstream}
`,
  )
  const clock = systemClock
  const shared = await openRedisStore(redis, clock, silentLog)
  const data = await openDataDir({ dir, keyFile, clock, store: shared, log: silentLog })
  const news = createNews(shared.feed, clock)
  const sessions: Sessions = createSessions({
    clock,
    log: silentLog,
    keyring: data.keyring,
    records: data.drawer('session', isSession),
    people: createIndex({ clock, records: data.drawer('person'), exists: async () => true }),
    live: createLiveSessions(),
    issuers: ['http://127.0.0.1:9'],
    announceEnd: news.sessionEnded,
    onEnd: () => undefined,
  })
  const position = await shared.feed.head()
  return {
    config,
    host,
    films,
    async signIn(app = 'app') {
      const secret = randomId()
      await sessions.create(secret, sessionOf(randomId(), app))
      return {
        key: hash('sha256', secret, 'base64url'),
        cookie: `${cookieNames(false, app === 'app' ? host : films).session}=${secret}`,
      }
    },
    readFeed: () => shared.feed.readSince(position, 500),
    signOut: async (key) => void (await sessions.end(key, 'revoked')),
    async close() {
      await sessions.close()
      await shared.close()
    },
  }
}

/** As a television has it that was let in for good. */
function sessionOf(sub: string, app: string): Session {
  const person = { issuer: 'http://127.0.0.1:9', sub, name: 'Anna Sample', email: 'anna@home.example' }
  const now = systemClock.now()
  return {
    kind: 'screen',
    ref: randomId(),
    app,
    approvedBy: person,
    actsAs: person,
    device: { name: 'Television in the living room', kind: 'tv', brand: 'LG' },
    stay: 'ours',
    place: { address: '203.0.113.7', certain: true },
    createdAt: now,
    lastSeenAt: now,
    idleMs: 90 * DAY,
    absoluteUntil: now + 400 * DAY,
    authTime: now,
  }
}
