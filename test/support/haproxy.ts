import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { needPart } from './parts.ts'

/** A real HAProxy on a port of 127.0.0.1. */
export type Haproxy = {
  /** Waits until the gateway at this place of the list is in use, or is not. */
  until(gateway: number, state: 'UP' | 'DOWN'): Promise<void>
  /** What it counts of all gateways: requests that it had to send to another one, and answers of its own. */
  counts(): Promise<{ redispatched: number; retried: number; failed: number }>
  close(): Promise<void>
}

/** Starts it as docs/replicas.md has it, with checks twenty times as often, and as patient. */
export async function startHaproxy(port: number, doorHost: string, gateways: number[]): Promise<Haproxy> {
  const program = needPart('haproxy')
  if (program === undefined) throw new Error('haproxy is not here')
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-haproxy-'))
  const [file, socket] = [join(dir, 'haproxy.cfg'), join(dir, 'stats')]
  const servers = gateways.map((gateway, index) => `  server gateway${index} 127.0.0.1:${gateway} check\n`)
  writeFileSync(
    file,
    `global
  stats socket ${socket} mode 600 level user
defaults
  mode http
  timeout connect 5s
  timeout check 2s
  timeout client 1m
  timeout server 1m
  timeout tunnel 1h
  option redispatch 1
  option abortonclose
frontend public
  bind 127.0.0.1:${port}
  option forwardfor
  default_backend gateways
backend gateways
  balance roundrobin
  option httpchk
  http-check send meth GET uri /health ver HTTP/1.1 hdr Host ${doorHost}
  default-server inter 100ms fall 2 rise 2
${servers.join('')}`,
  )
  const child = spawn(program, ['-q', '-db', '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = once(child, 'exit')
  // It says nothing when it is ready.
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error('haproxy has ended')
    await setTimeout(20)
  }

  /** One line of its table for each gateway, and for all of them, by column. */
  async function rows(): Promise<Record<string, string>[]> {
    const asked = connect(socket)
    await once(asked, 'connect')
    asked.end('show stat\n')
    const [head = '', ...lines] = (await text(asked)).trim().split('\n')
    const names = head.replace('# ', '').split(',')
    return lines
      .map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])))
      .filter((row) => row['pxname'] === 'gateways')
  }

  return {
    async until(gateway, state) {
      while ((await rows())[gateway]?.['status'] !== state) await setTimeout(20)
    },
    async counts() {
      const all = (await rows()).find((row) => row['svname'] === 'BACKEND')
      const failed = Number(all?.['econ']) + Number(all?.['eresp'])
      return { redispatched: Number(all?.['wredis']), retried: Number(all?.['wretr']), failed }
    },
    async close() {
      child.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
