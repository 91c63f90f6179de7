import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { startDemoApp } from '../../src/demo/cinema/app.ts'
import { leastRights } from '../../src/store/redis-trouble.ts'
import { startBalancer } from './balancer.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import { freePort } from './ports.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { MASTER, startSentinels } from './sentinels.ts'

/** Gateways, each a process of its own, on one Redis and behind one address. */
export type Replicas = {
  door: string
  cinema: string
  redis: RedisServer
  /** The second server behind Sentinels. */
  follower: RedisServer | undefined
  issuer: Issuer
  /** Leads new connections to these gateways, by turns; without any, to all. */
  use(...gateways: number[]): void
  /** Resolves when the next connection has reached its gateway. */
  taken(): Promise<unknown>
  /** Starts one gateway more, on a config of the same house with further or other lines; for starts that fail. */
  start(lines: Record<string, string>): Promise<GatewayProcess>
  /** Kills one gateway where it stands. */
  kill(gateway: number): Promise<void>
  /** Tells one gateway to stop, and starts it again when it has; its exit code. */
  restart(gateway: number): Promise<number | null>
  /** Stops all gateways; their exit codes. */
  stop(): Promise<(number | null)[]>
  /** Starts all gateways, with these keys from now on: version, and the byte that the key is made of. */
  startAll(keys: Record<number, number>): Promise<void>
  log(): string
  close(): Promise<void>
}

export const REDIS_PASSWORD = 'the-password-of-the-shared-store'

export type ReplicasOptions = {
  /** Further rights of their user at the Redis. */
  rights?: string[]
  /** The provider's own grant issues the codes. */
  profile?: string
  /** How many; three by default. */
  count?: number
  /** Further lines of the config, by name. */
  lines?: Record<string, string>
  /** Behind Sentinels, with a second server that follows the first. */
  sentinels?: boolean
  /** Instead of the demo's cinema. */
  startApp?: typeof startDemoApp
  /** Stands in front on this port instead of our own balancer. */
  startFront?: (port: number, doorHost: string, gateways: number[]) => Promise<{ close(): Promise<void> }>
}

/** Replicas for all tests of a block. */
export function useReplicas(options: ReplicasOptions = {}): Replicas {
  const replicas = {} as Replicas
  beforeAll(async () => Object.assign(replicas, await startReplicas(options)), 60_000)
  afterAll(() => replicas.close?.())
  return replicas
}

async function startReplicas(options: ReplicasOptions): Promise<Replicas> {
  const { rights = [], profile, count = 3, lines: further = {}, startApp = startDemoApp, startFront } = options
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  const user = ['--user', 'gateways', 'on', `>${REDIS_PASSWORD}`, ...leastRights.split(' '), ...rights]
  const sentinels = options.sentinels === true ? await startSentinels({ options: user }) : undefined
  const redis = sentinels?.servers[0] ?? (await startRedis(user))
  const [scheme, places] =
    sentinels === undefined
      ? ['redis', `127.0.0.1:${redis.port}`]
      : ['redis+sentinel', `${sentinels.ports.map((port) => `127.0.0.1:${port}`).join()}/${MASTER}`]
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  const balancer = startFront === undefined ? await startBalancer() : undefined
  const publicPort = balancer?.port ?? (await freePort())
  const origin = (name: string) => `http://${name}.localhost:${publicPort}`
  const issuer = await startIssuer({ redirectUris: [`${origin('door')}/callback`], hostname: '127.0.0.1' })
  const cinemaPort = await freePort()
  const cinema = await startApp({ port: cinemaPort, listenHost: '127.0.0.1' })
  const env = { CLIENT_SECRET: issuer.clientSecret, REDIS_PASSWORD }
  const lines: string[] = []
  let gateways: GatewayProcess[] = []

  function start(other: Record<string, string>): Promise<GatewayProcess> {
    const all = {
      public_url: origin('door'),
      insecure_http: 'true',
      key_file: 'keys',
      store: `${scheme}://gateways:\${REDIS_PASSWORD}@${places}`,
      provider: `{ issuer: "${issuer.issuer}", client_id: ${issuer.clientId}, client_secret: "\${CLIENT_SECRET}"${profile === undefined ? '' : `, profile: ${profile}`} }`,
      device_login: `{ grant: ${profile === undefined ? 'gateway' : 'provider'} }`,
      apps: `{ cinema: { host: "cinema.localhost:${publicPort}", upstream: "http://127.0.0.1:${cinemaPort}" } }`,
      ...further,
      ...other,
    }
    const file = join(dir, `gateway-${other['listen']?.replace(/\W/g, '-')}.yaml`)
    writeFileSync(
      file,
      Object.entries(all)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    )
    return startGatewayProcess(file, env)
  }

  const replicas: Replicas = {
    door: origin('door'),
    cinema: origin('cinema'),
    redis,
    follower: sentinels?.servers[1],
    use: (...chosen) => balancer?.use(...(chosen.length === 0 ? ports : chosen.map((i) => ports[i] as number))),
    taken: async () => balancer?.taken(),
    start,
    issuer,
    async kill(gateway) {
      await gateways[gateway]?.kill()
    },
    async restart(gateway) {
      const code = await (gateways[gateway] as GatewayProcess).close()
      lines.push(...(gateways[gateway]?.lines ?? []))
      gateways[gateway] = await start({ listen: `127.0.0.1:${ports[gateway]}` })
      return code
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
      await Promise.all([
        balancer?.close(),
        front?.close(),
        cinema.close(),
        issuer.close(),
        (sentinels ?? redis).close(),
      ])
      rmSync(dir, { recursive: true, force: true })
    },
  }
  replicas.use()
  await replicas.startAll({ 1: 1 })
  const front = await startFront?.(publicPort, `door.localhost:${publicPort}`, ports)
  return replicas
}
