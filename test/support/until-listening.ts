import type { ChildProcess } from 'node:child_process'
import { connect } from 'node:net'

/** Waits until `child` takes connections on a port; fails when it ends before, with what `said` gives. */
export async function untilListening(
  child: ChildProcess,
  port: number,
  { host = '127.0.0.1', said = () => '' }: { host?: string; said?: () => string } = {},
): Promise<void> {
  while (!(await answers(port, host))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${child.spawnfile} has ended: ${said()}`)
  }
}

async function answers(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host })
  const open = await new Promise<boolean>((resolve) =>
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
  )
  socket.destroy()
  if (!open) await new Promise((resolve) => setImmediate(resolve))
  return open
}
