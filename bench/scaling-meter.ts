import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { cpuMicros } from './cpu-time.ts'

/** What one kind of work costs, each time. */
export type Cost = {
  /** CPU time in microseconds. */
  gatewayMicros: number
  redisMicros: number
  /** What the gateway sends to Redis: commands by name. */
  commands: Record<string, number>
}

/** What scripts call inside is counted by the server too; these are what clients send. */
const SENT = ['get', 'evalsha', 'eval', 'publish']

/** Measures one gateway process and the Redis that it uses. */
export function createMeter(gateway: ChildProcess, redis: Redis) {
  async function redisMicros(): Promise<number> {
    const info = await redis.info('cpu')
    const seconds = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
    return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6
  }

  async function calls(): Promise<Map<string, number>> {
    const stats = await redis.info('commandstats')
    return new Map(
      [...stats.matchAll(/^cmdstat_([\w|]+):calls=(\d+)/gm)].map(([, name, n]) => [name as string, Number(n)]),
    )
  }

  return {
    /** The cost of each of `count` things that `work` does. */
    async each(count: number, work: () => Promise<unknown>): Promise<Cost> {
      const before = [await calls(), await redisMicros(), await cpuMicros(gateway)] as const
      await work()
      const after = [await calls(), await redisMicros(), await cpuMicros(gateway)] as const
      const commands: Record<string, number> = {}
      for (const name of SENT) {
        const sent = (after[0].get(name) ?? 0) - (before[0].get(name) ?? 0)
        if (sent > 0) commands[name] = sent / count
      }
      return {
        gatewayMicros: (after[2] - before[2]) / count,
        redisMicros: (after[1] - before[1]) / count,
        commands,
      }
    },
    /** Bytes of records in Redis. */
    async redisBytes(): Promise<number> {
      return Number(/^used_memory_dataset:(\d+)/m.exec(await redis.info('memory'))?.[1])
    },
    /** Resident bytes of the gateway; Linux alone tells. */
    gatewayBytes(): number {
      const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
    },
  }
}
