import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { SlowKind } from './slow-clients.ts'

/** Slow clients in a process of their own. */
export type SlowCrowd = {
  /** How many of their connections are still open. */
  open(): Promise<number>
  leave(): Promise<void>
}

/** Connects `count` of them to `port`, as a browser would ask for `host`. */
export async function startSlowCrowd(port: number, host: string, count: number, kind: SlowKind): Promise<SlowCrowd> {
  const file = resolve(import.meta.dirname, 'slow-clients.ts')
  const child = fork(file, [String(port), host, String(count), kind], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  await once(child, 'message')
  return {
    async open() {
      const answered = once(child, 'message')
      child.send('how many?')
      return (await answered)[0] as number
    },
    async leave() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
