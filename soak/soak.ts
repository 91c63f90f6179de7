/**
 * `npm run soak [-- --minutes 30]`: a house under mixed traffic for half an hour. In the first two thirds nothing is broken and the
 * gateway's memory must stay flat; in the last third the app, the provider and the gateway itself are broken and started again,
 * over and over. Wants every answer outside of that, and never an answer of the app for somebody without a session. Loopback only.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type House, startHouse } from '../test/support/house.ts'
import { freePort } from '../test/support/ports.ts'
import { createSoakApp } from './app.ts'
import { judgeMemory, type Look, residentBytes } from './memory.ts'
import { browse, type Crowd, knock, letIn, listenIn, rest, talk } from './people.ts'
import { createTally, type Tally } from './tally.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } })
const lengthMs = Number(values.minutes) * 60_000
if (!(lengthMs > 0)) throw new Error('--minutes is a number')
const quietMs = (lengthMs * 2) / 3
/** The first part of the quiet time: caches fill, code is compiled. */
const warmMs = quietMs / 4
const LOOK_MS = 2000

const dir = mkdtempSync(join(tmpdir(), 'entryphone-soak-'))
const appPort = await freePort()
let app = createSoakApp()
await app.listen(appPort)
const house = await startHouse(dir, { process: true, libraryPort: appPort })
const tally = createTally()
const looks: Look[] = []
const began = performance.now()
const end = new AbortController()
setTimeout(() => end.abort(), lengthMs)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())

const crowd: Crowd = { house, tally, over: end.signal }
await Promise.all([
  ...Array.from({ length: 6 }, () => browse(crowd, 100)),
  ...Array.from({ length: 2 }, () => knock(crowd)),
  ...Array.from({ length: 10 }, () => talk(crowd)),
  ...Array.from({ length: 5 }, () => listenIn(crowd)),
  letIn(crowd),
  watch(),
  breakThings(house, tally, end.signal),
])
await house.close()
await app.close()
rmSync(dir, { recursive: true, force: true })

const { lines, problems } = tally.report()
const memory = judgeMemory(looks)
for (const line of [...lines, memory.line, ...problems]) console.log(line)
const failed = problems.length + (memory.flat ? 0 : 1)
console.log(`\n${2 - Math.min(failed, 2)} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

/** Looks at the gateway's memory while nothing is broken, and says every minute how things are. */
async function watch(): Promise<void> {
  for (let told = 0; !end.signal.aborted; await rest(LOOK_MS, end.signal)) {
    const at = performance.now() - began
    const bytes = residentBytes(house.pid() ?? 0)
    if (bytes !== undefined && at > warmMs && at < quietMs) looks.push({ at, bytes })
    if (at < told * 60_000) continue
    console.log(`minute ${told++}: ${((bytes ?? 0) / 1e6).toFixed(0)} MB; ${tally.report().lines[0]}`)
  }
}

/** After the quiet time: one thing after another, with a pause in which everything has to be well again. */
async function breakThings(at: House, counts: Tally, over: AbortSignal): Promise<void> {
  await rest(quietMs, over)
  const faults: Record<string, () => Promise<void>> = {
    'the app is gone for 5 s': async () => {
      await app.close()
      await rest(5000, over)
      app = createSoakApp()
      await app.listen(appPort)
    },
    'the gateway is restarted': () => at.restart(),
    'the provider fails for 5 s': async () => {
      at.issuer.setOption('failWith', 503)
      await rest(5000, over)
      at.issuer.setOption('failWith', undefined)
    },
    'the gateway is killed': () => at.killAndRestart(),
  }
  while (!over.aborted) {
    for (const [name, run] of Object.entries(faults)) {
      if (over.aborted) return
      console.log(name)
      const mended = counts.broken()
      await run()
      mended()
      await rest(20_000, over)
    }
  }
}
