import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { untilItSays } from './started-process.ts'

/** The gateway as people run it: a process of its own. */
export type GatewayProcess = {
  pid: number
  /** Asks it to stop and waits; the exit code. */
  close(): Promise<number | null>
  /** Sends it a signal. */
  signal(name: NodeJS.Signals): void
  exited: Promise<number | null>
  /** Kills it where it stands. */
  kill(): Promise<void>
  /** Every line that it has logged. */
  lines: string[]
  /** Where they come from, to be read no further. */
  stdout: Readable
}

/**
 * Runs `entryphone serve` on a config file until it says that it has started. `openFiles`: how many it may have.
 * `inside`: what stands in front of the command, to run it elsewhere.
 */
export async function startGatewayProcess(
  config: string,
  env: Record<string, string>,
  openFiles?: number,
  inside: readonly string[] = [],
): Promise<GatewayProcess> {
  const main = resolve(import.meta.dirname, '../../src/main.ts')
  const serve = [process.execPath, main, 'serve', '--config', config]
  const limited = openFiles === undefined ? serve : ['sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh', ...serve]
  const [program = '', ...args] = [...inside, ...limited]
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { lines, exited } = await untilItSays(child, '"event":"started"')
  return {
    pid: child.pid as number,
    lines,
    stdout: child.stdout,
    signal: (name) => void child.kill(name),
    exited,
    async close() {
      child.kill('SIGTERM')
      return exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** What a gateway has logged, without the words for people that it prints at its start. */
export function loggedBy({ lines }: Pick<GatewayProcess, 'lines'>): Record<string, unknown>[] {
  return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
}
