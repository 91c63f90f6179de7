import { type Clock, SECOND } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { OperatorError } from '../lib/operator-error.ts'
import { randomId } from '../lib/random.ts'
import type { Store } from './contract.ts'
import type { RedisSettings } from './redis-client.ts'
import type { RedisConnection } from './redis-connection.ts'

/** The oldest version that has what the scripts use (exclusive ranges of streams). */
const OLDEST = [6, 2] as const

/** Makes sure, once, that the server is what it was taken for and lets us write. Throws an `OperatorError` if not. */
export async function checkServer(
  redis: RedisConnection,
  store: Store,
  settings: RedisSettings,
  clock: Clock,
): Promise<void> {
  judgeServer(redis.server, settings)
  try {
    const key = `probe/${randomId(9)}`
    await store.create(key, '', clock.now() + SECOND)
    const probe = await store.get(key)
    if (probe !== undefined) await store.remove(key, probe.version)
    await store.feed.head()
  } catch (error) {
    throw explainRedis((error as Error).message, settings)
  }
}

/** Tells the log how the server may come to forget what it was given: also that somebody was signed out. */
export async function tellRisks(redis: RedisConnection, log: Log): Promise<void> {
  // Not every user may ask.
  const info = String(await redis.call('INFO').catch(() => ''))
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(info) ?? []
  const limited = /^maxmemory:[1-9]/m.test(info)
  if (limited && policy !== 'noeviction') log.notice('store_may_forget', { why: `maxmemory-policy is ${policy}` })
  if (/^aof_enabled:0/m.test(info)) log.notice('store_may_forget', { why: 'no append-only file' })
}

function judgeServer(server: ReadonlyMap<unknown, unknown>, settings: RedisSettings): void {
  const where = nameOf(settings)
  const version = String(server.get('version'))
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const newEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
  if (!newEnough) throw tooOld(where, version)
  const mode = server.get('mode')
  if (mode === 'sentinel') throw new OperatorError(`${where} is a Sentinel. Name the server that holds the data.`)
  if (mode === 'cluster' && !settings.cluster) {
    throw new OperatorError(`${where} is a node of a Cluster. Put its address in square brackets: store: [redis://…]`)
  }
  if (server.get('role') === 'replica') throw readOnly(where)
}

/** What a message of the server or of the network means for the operator; `settings` say which server. */
export function explainRedis(message: string, settings: RedisSettings): OperatorError {
  const where = nameOf(settings)
  const said = message.replace(/^Redis: /, '')
  const is = (pattern: RegExp) => pattern.test(said)
  if (is(/\bunknown command\b/i)) return tooOld(where, 'older than 6')
  if (is(/\bWRONGPASS\b|invalid password|without any password configured/)) {
    return new OperatorError(
      `${where} refuses the sign-in: wrong password, or there is no such user. Look at store and store_password_file.`,
    )
  }
  if (is(/\bNOAUTH\b/)) return new OperatorError(`${where} wants a password. Give it with store_password_file.`)
  if (is(/\bNOPERM\b/)) {
    return new OperatorError(
      `${where} does not let this user do what is needed (${said}). ` +
        'Give it: ACL SETUSER NAME ~entryphone:* &entryphone:* +@all -@dangerous +info',
    )
  }
  if (is(/\bDB index\b/)) {
    return new OperatorError(`${where} has no database ${settings.database}. Look at the end of the address in store.`)
  }
  if (is(/cluster support disabled/)) {
    return new OperatorError(`${where} is no Cluster. Write its address without square brackets: store: redis://…`)
  }
  if (is(/\bREADONLY\b/)) return readOnly(where)
  if (is(/\bMISCONF\b/)) {
    return new OperatorError(`${where} takes no writes, because it cannot save to its disk. Its own log says why.`)
  }
  if (is(/\bOOM\b/)) {
    return new OperatorError(`${where} is full: it has reached its maxmemory. Raise that, or take out what it holds.`)
  }
  if (is(/certificate|altnames/i)) {
    return new OperatorError(
      `${where} is not believed: ${said}. For an authority of your own, start with NODE_EXTRA_CA_CERTS=FILE.`,
    )
  }
  if (is(/\bLOADING\b/)) return new OperatorError(`${where} is still reading its data. Start again when it is ready.`)
  if (is(/\bCLUSTERDOWN\b/)) return new OperatorError(`${where}: the Cluster is down (${said}).`)
  return new OperatorError(
    `${where} cannot be reached: ${said.replace(/\.?$/, '.')} Look at the address in store, and at redis:// or rediss://.`,
  )
}

function tooOld(where: string, version: string): OperatorError {
  return new OperatorError(`${where} is Redis ${version}. Entryphone needs ${OLDEST.join('.')} or newer.`)
}

function readOnly(where: string): OperatorError {
  return new OperatorError(`${where} is a read-only replica. Name the primary.`)
}

function nameOf({ nodes }: RedisSettings): string {
  return `Redis at ${nodes.map(({ host, port }) => `${host}:${port}`).join(', ')}`
}
