import { Cluster, Redis } from 'ioredis'
import { SECOND } from '../lib/clock.ts'
import { sentinelOptions } from './redis-sentinels.ts'
import { ANSWER_MS, backOff, CONNECT_MS, type RedisSettings } from './redis-settings.ts'

/** Twice the patience for one answer: the node is gone, not slow. */
const SILENCE_MS = 2 * ANSWER_MS

/**
 * A client of the library, not yet connected. Once it has been it comes back by itself; commands meanwhile fail at
 * once, and what was under way when the connection broke fails too instead of being sent twice. `begun` says whether
 * it has been connected: by itself the library asks silent Sentinels for ever, without a word to whoever waits.
 */
export function createRedisClient(settings: RedisSettings, begun: () => boolean): Redis | Cluster {
  const { nodes, cluster, tls, user, password, database } = settings
  const common = {
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
    connectTimeout: CONNECT_MS,
    commandTimeout: ANSWER_MS,
    keepAlive: 10 * SECOND,
    disableClientInfo: true,
    // Otherwise it would be rejected where nobody looks, which ends the process, when the password is no longer right.
    autoResubscribe: false,
    reconnectOnError: judgeError,
  }
  if (!cluster) {
    return new Redis({
      ...(settings.sentinel === undefined ? nodes[0] : sentinelOptions(settings, settings.sentinel, begun)),
      ...common,
      db: database,
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: backOff,
    })
  }
  const client = new Cluster([...nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    // It would ask a node that is still being connected. What a Cluster that is down says to a command is clear enough.
    enableReadyCheck: false,
    retryDelayOnFailover: 0,
    maxRedirections: 8,
    clusterRetryStrategy: backOff,
    // A certificate is for the name, not for the address that the name leads to.
    dnsLookup: (name, done) => done(null, name),
    redisOptions: { ...common, socketTimeout: SILENCE_MS },
  })
  // By itself a node is connected by its first command, and all others meanwhile are refused.
  client.on('+node', (node: Redis) => void node.connect().catch(() => undefined))
  return client
}

/** Looks at each error of the server before the library acts on it; true has it connect anew. */
function judgeError(error: Error): boolean {
  // SECURITY: the library takes the slot for an index unlooked. Test: N5: a redirection to __proto__ changes no prototype
  if (isNonsense(error.message)) error.message = 'ERR a redirection without a slot'
  // A primary that has become a replica: its name leads to the new one.
  return error.message.startsWith('READONLY')
}

function isNonsense(message: string): boolean {
  const [kind = '', slot = ''] = message.split(' ')
  return ['MOVED', 'ASK'].includes(kind) && !(/^\d{1,5}$/.test(slot) && Number(slot) < 16_384)
}
