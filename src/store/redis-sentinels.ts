import { Redis, type RedisOptions } from 'ioredis'
import { ANSWER_MS, backOff, CONNECT_MS, type RedisSettings, type SentinelSettings } from './redis-settings.ts'

/**
 * Has the library ask Sentinels where the server is, each time that it connects. `begun` says whether it ever has been
 * connected: by itself the library asks silent Sentinels for ever, without a word to whoever waits.
 */
export function sentinelOptions(
  { nodes, tls }: RedisSettings,
  { master, password }: SentinelSettings,
  begun: () => boolean,
): RedisOptions {
  return {
    sentinels: [...nodes],
    name: master,
    ...(password !== undefined && { sentinelPassword: password }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: ANSWER_MS,
    sentinelRetryStrategy: (attempt) => (begun() ? backOff(attempt) : null),
  }
}

/** Why no Sentinel leads to the server, in the words of the first one, or of the network: the library drops them. */
export async function whyNoSentinel(
  { nodes, tls }: RedisSettings,
  { master, password }: SentinelSettings,
): Promise<Error> {
  const [{ host, port } = { host: '', port: 0 }] = nodes
  const client = new Redis({
    host,
    port,
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
    connectTimeout: CONNECT_MS,
    commandTimeout: ANSWER_MS,
  })
  let trouble: unknown
  client.on('error', (error) => {
    trouble ??= error
  })
  const reason = await client
    .connect()
    .then(() => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master))
    .then((found) => (found === null ? 'no such name' : 'it knows the server now'))
    .catch((error: Error) => ((trouble ?? error) as Error).message)
  client.disconnect()
  return new Error(`Sentinel at ${host}:${port}: ${reason}`)
}
