import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Redis } from 'ioredis'
import type { RedisSettings } from '../../src/store/redis-settings.ts'
import { needPart } from './parts.ts'
import { freePort } from './ports.ts'
import { untilItSays } from './started-process.ts'

/** A real server on a port of 127.0.0.1, with a folder of its own. */
export type RedisServer = {
  port: number
  /** Where it keeps its files. */
  dir: string
  settings: RedisSettings
  /** A client beside ours, to look and to break things. */
  admin: Redis
  /** Kills it where it stands; what it has confirmed is on its disk. */
  kill(): Promise<void>
  /** Starts it again on the same port and data. */
  start(): Promise<void>
  /** Holds it still, and lets it go on. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Starts `redis-server` with further options such as `['--maxmemory', '1mb']`. */
export async function startRedis(options: string[] = [], port?: number): Promise<RedisServer> {
  const program = needPart('redis')
  if (program === undefined) throw new Error('redis-server is not here')
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-redis-'))
  const at = port ?? (await freePort())
  // Each answer waits for its write, which outlives the process; not for the disk, which a power cut would need.
  const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no']
  const fixed = ['--port', `${at}`, '--bind', '127.0.0.1', '--dir', dir, ...durable]
  let child = await run(program, [...fixed, ...options])
  const admin = new Redis({ host: '127.0.0.1', port: at, retryStrategy: () => 20 })
  admin.on('error', () => undefined)

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  return {
    port: at,
    dir,
    settings: redisSettings([at]),
    admin,
    kill,
    async start() {
      child = await run(program, [...fixed, ...options])
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async close() {
      admin.disconnect()
      await kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** What our store is told about servers on these ports. */
export function redisSettings(ports: number[], other: Partial<RedisSettings> = {}): RedisSettings {
  const nodes = ports.map((port) => ({ host: '127.0.0.1', port }))
  const usual = {
    cluster: false,
    sentinel: undefined,
    tls: undefined,
    user: undefined,
    password: undefined,
    database: 0,
  }
  return { nodes, ...usual, ...other }
}

/** A Cluster of three, each with a third of the slots. */
export async function startRedisCluster(
  further: string[] = [],
): Promise<{ settings: RedisSettings; nodes: RedisServer[]; close(): Promise<void> }> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', ...further]
  const nodes: RedisServer[] = []
  for (let i = 0; i < 3; i++) {
    const bus = await freePort()
    nodes.push(await startRedis([...options, '--cluster-port', `${bus}`]))
  }
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  execFileSync(join(dirname(needPart('redis') ?? ''), 'redis-cli'), [
    '--cluster',
    'create',
    ...addresses,
    '--cluster-replicas',
    '0',
    '--cluster-yes',
  ])
  for (const { admin } of nodes) while (!(await admin.cluster('INFO')).includes('cluster_state:ok'));
  return {
    nodes,
    settings: redisSettings(
      nodes.map(({ port }) => port),
      { cluster: true },
    ),
    async close() {
      await Promise.all(nodes.map((node) => node.close()))
    },
  }
}

async function run(program: string, options: string[]): Promise<ChildProcess> {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  await untilItSays(child, 'Ready to accept connections')
  return child
}
