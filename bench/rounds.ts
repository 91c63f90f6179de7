import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type ContenderName, contenders } from './contenders.ts'
import { cpuMicros } from './cpu-time.ts'
import type { Order, Outcome } from './load.ts'
import { freePort, startProcess, stopProcess, untilListening } from './processes.ts'

/** How much is asked, and how often. */
export type Amount = { rounds: number; warmUp: number; requests: number; connections: number }

/** CPU time of each contender in microseconds per request, a figure a round. */
export type Figures = Record<ContenderName, number[]>

const PATIENCE_MS = 120_000

/**
 * Measures contenders in turn, round after round, every second one backwards: what the machine does meanwhile
 * falls on all of them. Throws for the first wrong status or broken connection.
 */
export async function runRounds(
  dir: string,
  names: readonly ContenderName[],
  amount: Amount,
  tell: (line: string) => void,
): Promise<Figures> {
  const figures = Object.fromEntries(Object.keys(contenders).map((name): [string, number[]] => [name, []])) as Figures
  const port = await freePort()
  const output = join(dir, 'others.log')
  const app = startProcess('others', output, 'upstream.ts', String(port))
  const load = startProcess('others', output, 'load.ts')
  await untilListening(port, app)
  for (let round = 0; round < amount.rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const micros = await measure(name, { dir, upstream: `http://127.0.0.1:${port}` }, load, amount)
      figures[name].push(micros)
      tell(`round ${round + 1} of ${amount.rounds}: ${name} ${micros.toFixed(1)} µs`)
    }
  }
  await Promise.all([stopProcess(load), stopProcess(app)])
  return figures
}

async function measure(
  name: ContenderName,
  place: { dir: string; upstream: string },
  load: ChildProcess,
  { warmUp, requests, connections }: Amount,
): Promise<number> {
  const port = await freePort()
  const { child, request, status } = await contenders[name]({ ...place, port })
  try {
    await untilListening(port, child)
    const order = { port, request, status, connections }
    await send(load, { ...order, requests: warmUp })
    const before = await cpuMicros(child)
    await send(load, { ...order, requests })
    return ((await cpuMicros(child)) - before) / requests
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`)
  } finally {
    await send(load, { port: 0, request: '', status: 0, connections: 0, requests: 0 })
    await stopProcess(child)
  }
}

/** Has the load sent and waits until it is over. */
async function send(load: ChildProcess, order: Order): Promise<void> {
  load.send(order)
  const [outcome] = (await once(load, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) })) as [Outcome]
  if (!outcome.ok) throw new Error(outcome.error)
}
