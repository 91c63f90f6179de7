import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startDemoApp } from '../../src/demo/cinema/app.ts'
import { startBalancer } from './balancer.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import { freePort } from './ports.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

/** Three gateways, each a process of its own, on one Redis and behind one address. */
export type Replicas = {
  door: string
  cinema: string
  redis: RedisServer
  issuer: Issuer
  /** Leads new connections to these gateways, by turns; without any, to all. */
  use(...gateways: number[]): void
  /** Resolves when the next connection has reached its gateway. */
  taken(): Promise<unknown>
  /** Starts one gateway more, on a config of the same house with further or other lines; for starts that fail. */
  start(lines: Record<string, string>): Promise<GatewayProcess>
  /** Kills one gateway where it stands. */
  kill(gateway: number): Promise<void>
  /** Stops all gateways; their exit codes. */
  stop(): Promise<(number | null)[]>
  /** Starts all gateways, with these keys from now on: version, and the byte that the key is made of. */
  startAll(keys: Record<number, number>): Promise<void>
  log(): string
  close(): Promise<void>
}

export const REDIS_PASSWORD = 'the-password-of-the-shared-store'

/**
 * Replicas for all tests of a block. `rights` are further ones of their user at the Redis; with a `profile` the
 * provider's own grant issues the codes.
 */
export function useReplicas(options: { rights?: string[]; profile?: string } = {}): Replicas {
  const replicas = {} as Replicas
  beforeAll(async () => Object.assign(replicas, await startReplicas(options)), 60_000)
  afterAll(() => replicas.close?.())
  return replicas
}

async function startReplicas({ rights = [], profile }: { rights?: string[]; profile?: string }): Promise<Replicas> {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  const user = [
    'on',
    `>${REDIS_PASSWORD}`,
    '~entryphone:*',
    '&entryphone:*',
    '+@all',
    '-@dangerous',
    '+info',
    ...rights,
  ]
  const redis = await startRedis(['--user', 'gateways', ...user])
  const balancer = await startBalancer()
  const origin = (name: string) => `http://${name}.localhost:${balancer.port}`
  const issuer = await startIssuer({ redirectUris: [`${origin('door')}/callback`], hostname: '127.0.0.1' })
  const cinemaPort = await freePort()
  const cinema = await startDemoApp({ port: cinemaPort, listenHost: '127.0.0.1' })
  const ports = [await freePort(), await freePort(), await freePort()]
  const env = { CLIENT_SECRET: issuer.clientSecret, REDIS_PASSWORD }
  const lines: string[] = []
  let gateways: GatewayProcess[] = []

  function start(other: Record<string, string>): Promise<GatewayProcess> {
    const options = {
      public_url: origin('door'),
      insecure_http: 'true',
      key_file: 'keys',
      store: `redis://gateways:\${REDIS_PASSWORD}@127.0.0.1:${redis.port}`,
      provider: `{ issuer: "${issuer.issuer}", client_id: ${issuer.clientId}, client_secret: "\${CLIENT_SECRET}"${profile === undefined ? '' : `, profile: ${profile}`} }`,
      device_login: `{ grant: ${profile === undefined ? 'gateway' : 'provider'} }`,
      apps: `{ cinema: { host: "cinema.localhost:${balancer.port}", upstream: "http://127.0.0.1:${cinemaPort}" } }`,
      ...other,
    }
    const file = join(dir, `gateway-${other['listen']?.replace(/\W/g, '-')}.yaml`)
    writeFileSync(
      file,
      Object.entries(options)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    )
    return startGatewayProcess(file, env)
  }

  const replicas: Replicas = {
    door: origin('door'),
    cinema: origin('cinema'),
    redis,
    use: (...chosen) => balancer.use(...(chosen.length === 0 ? ports : chosen.map((i) => ports[i] as number))),
    taken: balancer.taken,
    start,
    issuer,
    async kill(gateway) {
      await gateways[gateway]?.kill()
    },
    async stop() {
      const codes = await Promise.all(gateways.map((gateway) => gateway.close()))
      lines.push(...gateways.flatMap((gateway) => gateway.lines))
      gateways = []
      return codes
    },
    async startAll(keys) {
      const text = Object.entries(keys).map(
        ([version, byte]) => `${version}:${Buffer.alloc(32, byte).toString('base64')}\n`,
      )
      writeFileSync(join(dir, 'keys'), text.join(''), { mode: 0o600 })
      gateways = await Promise.all(ports.map((port) => start({ listen: `127.0.0.1:${port}` })))
    },
    log: () => [...lines, ...gateways.flatMap((gateway) => gateway.lines)].join('\n'),
    async close() {
      await replicas.stop()
      await Promise.all([balancer.close(), cinema.close(), issuer.close(), redis.close()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
  replicas.use()
  await replicas.startAll({ 1: 1 })
  return replicas
}
