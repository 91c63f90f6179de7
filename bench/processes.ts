import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** `measured` has a core of its own where the machine lets us give it one. */
export type Core = 'measured' | 'others'

const cores: Record<Core, string> = { measured: '1', others: '0' }

/** Whether processes are kept on their core. */
export const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0

const START_MS = 20_000

/** Starts a script of this project with `args`; what it prints goes to `output`. It ends when we end. */
export function startProcess(core: Core, output: string, script: string, ...args: string[]): ChildProcess {
  const attend = `--import=${new URL('attend.ts', import.meta.url)}`
  const file = openSync(output, 'a')
  const command = [process.execPath, attend, join(import.meta.dirname, script), ...args]
  const [program = '', ...rest] = pinned ? ['taskset', '-c', cores[core], ...command] : command
  return spawn(program, rest, { stdio: ['ignore', file, 'inherit', 'ipc'] })
}

/** Waits until somebody listens on `port`; throws when `child` ends instead or nothing happens for too long. */
export async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (const deadline = performance.now() + START_MS; performance.now() < deadline; await wait(20)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return
  }
  throw new Error(`nothing listens on port ${port}`)
}

/** Ends a process and waits for it. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** A port of this machine that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
