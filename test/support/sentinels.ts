import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { RedisSettings } from '../../src/store/redis-settings.ts'
import { needPart } from './parts.ts'
import { freePort } from './ports.ts'
import { type RedisServer, redisSettings, startRedis } from './redis-server.ts'
import type { RedisTlsFiles } from './redis-tls.ts'
import { untilItSays } from './started-process.ts'

/** A primary, its replica and three Sentinels, all real. */
export type Sentinels = {
  ports: number[]
  settings: RedisSettings
  /** The first primary, and who follows it. */
  servers: [RedisServer, RedisServer]
  /** The port of the primary, as the Sentinels see it now. */
  primary(): Promise<number>
  /** Stops one of the Sentinels. */
  kill(sentinel: number): Promise<void>
  close(): Promise<void>
}

export const MASTER = 'mymaster'

/** `options` are for both servers, `lines` for the Sentinels' configuration; with `tls` all of them speak it to each other. */
export async function startSentinels({
  options = [],
  lines = [],
  password,
  tls,
}: {
  options?: string[]
  lines?: string[]
  /** Of the Sentinels, as `lines` set it. */
  password?: string
  tls?: RedisTlsFiles
} = {}): Promise<Sentinels> {
  const program = needPart('sentinel')
  if (program === undefined) throw new Error('redis-sentinel is not here')
  const [firstTls, secondTls] = [await freePort(), await freePort()]
  const tlsOptions = (port: number) => tls?.options(port) ?? []
  const first = await startRedis([...options, ...tlsOptions(firstTls), '--repl-diskless-sync-delay', '0'])
  const primaryPort = tls === undefined ? first.port : firstTls
  const follow = ['--replicaof', '127.0.0.1', `${primaryPort}`]
  const second = await startRedis([...options, ...tlsOptions(secondTls), ...follow])
  while (!(await second.admin.info('replication')).includes('master_link_status:up')) await setTimeout(20)
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-sentinel-'))
  const children: ChildProcess[] = []
  const ports: number[] = []
  const admins: Redis[] = []
  for (let i = 0; i < 3; i++) {
    const [port, tlsPort] = [await freePort(), await freePort()]
    const file = join(dir, `${i}.conf`)
    const all = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${dir}`,
      `sentinel monitor ${MASTER} 127.0.0.1 ${primaryPort} 2`,
      `sentinel down-after-milliseconds ${MASTER} 1000`,
      `sentinel failover-timeout ${MASTER} 4000`,
      ...lines,
      ...(password === undefined ? [] : [`sentinel sentinel-pass ${password}`]),
      ...(tls?.lines(tlsPort) ?? []),
    ]
    writeFileSync(file, all.map((line) => `${line}\n`).join(''))
    const child = spawn(program, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await untilItSays(child, '+monitor master')
    ports.push(tls === undefined ? port : tlsPort)
    children.push(child)
    const admin = new Redis({ host: '127.0.0.1', port, enableReadyCheck: false, ...(password && { password }) })
    admin.on('error', () => undefined)
    admins.push(admin)
  }
  const [admin] = admins as [Redis]
  const knows = async () => {
    const [replicas, others] = [
      await admin.call('SENTINEL', 'REPLICAS', MASTER),
      await admin.call('SENTINEL', 'SENTINELS', MASTER),
    ]
    return (replicas as unknown[]).length === 1 && (others as unknown[]).length === 2
  }
  while (!(await knows())) await setTimeout(20)

  async function kill(sentinel: number): Promise<void> {
    const child = children[sentinel] as ChildProcess
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  return {
    ports,
    settings: redisSettings(ports, { sentinel: { master: MASTER, password } }),
    servers: [first, second],
    async primary() {
      const [, port] = (await admin.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER)) as [string, string]
      return Number(port)
    },
    kill,
    async close() {
      for (const one of admins) one.disconnect()
      await Promise.all([...children.map((_, index) => kill(index)), first.close(), second.close()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
