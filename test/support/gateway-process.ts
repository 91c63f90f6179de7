import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** The gateway as people run it: a process of its own. */
export type GatewayProcess = {
  /** Asks it to stop and waits; the exit code. */
  close(): Promise<number | null>
  /** Kills it where it stands. */
  kill(): Promise<void>
  /** Every line that it has logged. */
  lines: string[]
}

/** Runs `entryphone serve` on a config file until it says that it has started. */
export async function startGatewayProcess(config: string, env: Record<string, string>): Promise<GatewayProcess> {
  const main = resolve(import.meta.dirname, '../../src/main.ts')
  const child = spawn(process.execPath, [main, 'serve', '--config', config], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const started = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (line.includes('"event":"started"')) started.resolve()
    })
  }
  const exited = once(child, 'exit') as Promise<[number | null]>
  exited.then(() => started.reject(new Error(`the gateway ended: ${lines.join('\n')}`))).catch(() => undefined)
  await started.promise
  return {
    lines,
    async close() {
      child.kill('SIGTERM')
      return (await exited)[0]
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
