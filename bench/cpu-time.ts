import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** CPU time so far, user and system, all threads, in microseconds: of the process tree on Linux, of the process elsewhere. */
export async function cpuMicros(child: ChildProcess): Promise<number> {
  if (existsSync('/proc/self/schedstat')) return treeNanos(child.pid as number) / 1000
  child.send('cpu')
  const [answer] = (await once(child, 'message')) as [{ cpuMicros: number }]
  return answer.cpuMicros
}

/** The first figure of `schedstat` is a thread's time on the CPU in nanoseconds; ticks of `stat` are 10 ms. */
function treeNanos(pid: number): number {
  let nanos = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    nanos += Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ', 1)[0])
    for (const child of readFileSync(`${folder}/children`, 'utf8').split(' ')) {
      if (child !== '') nanos += treeNanos(Number(child))
    }
  }
  return nanos
}
