import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process that has said that it is ready. */
export type StartedProcess = {
  /** Every line that it has printed. */
  lines: string[]
  /** Its exit code, once it has ended; null when it was killed. */
  exited: Promise<number | null>
}

/** Waits until `child` prints a line with `words` on a piped stream; rejects with what it printed when it ends instead. */
export async function untilItSays(child: ChildProcess, words: string): Promise<StartedProcess> {
  const lines: string[] = []
  const started = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (line.includes(words)) started.resolve()
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  exited
    .then(() => started.reject(new Error(`${child.spawnfile} ended: ${lines.slice(-20).join('\n')}`)))
    .catch(() => undefined)
  await started.promise
  return { lines, exited }
}
