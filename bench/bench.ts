/**
 * `npm run bench [-- --quick] [--json] [--only WORD]`: CPU time per request of the gateway, against yardsticks in the same round.
 * See README.md in this folder. Loopback only; everything it starts ends with it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ContenderName } from './contenders.ts'
import { pinned } from './processes.ts'
import { type Amount, type Figures, runRounds } from './rounds.ts'
import { showSpread, spreadOf } from './statistics.ts'

/** What is compared with what. The names are those of `--json`. */
const rows: Record<string, { contender: ContenderName; yardstick: ContenderName }> = {
  'get-to-undici': { contender: 'gateway', yardstick: 'undici' },
  'get-to-http-proxy': { contender: 'gateway', yardstick: '@fastify/http-proxy' },
  'http-proxy-to-undici': { contender: '@fastify/http-proxy', yardstick: 'undici' },
  'undici-to-itself': { contender: 'undici again', yardstick: 'undici' },
  'recipe-jellyfin': { contender: 'jellyfin, cookie', yardstick: 'gateway' },
  'recipe-jellyfin-token': { contender: 'jellyfin, token', yardstick: 'jellyfin, no recipe' },
  'recipe-home-assistant': { contender: 'home-assistant, cookie', yardstick: 'gateway' },
  'recipe-home-assistant-token': { contender: 'home-assistant, token', yardstick: 'home-assistant, no recipe' },
  'challenge-to-hello': { contender: 'gateway, no cookie', yardstick: 'fastify hello' },
}

const full: Amount = { rounds: 6, warmUp: 30_000, requests: 20_000, connections: 32 }
const quick: Amount = { rounds: 2, warmUp: 6000, requests: 5000, connections: 32 }

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, only: { type: 'string', default: '' } },
})
const wanted = Object.entries(rows).filter(([name]) => name.includes(values.only))
const names = wanted.flatMap(([, { contender, yardstick }]) => [contender, yardstick])
if (names.length === 0) throw new Error(`no row has ${values.only} in its name`)
const dir = mkdtempSync(join(tmpdir(), 'entryphone-bench-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const load = loadavg()[0] as number
const figures = await runRounds(dir, [...new Set(names)], values.quick === true ? quick : full, (line) =>
  console.error(line),
)
if (values.json === true) console.log(JSON.stringify(medians(figures)))
else print(figures)
process.exit()

/** The CPU time of one contender over that of another, of the same round, a figure a round. */
function ratios(figures: Figures, { contender, yardstick }: (typeof rows)[string]): number[] {
  return figures[contender].map((micros, round) => micros / (figures[yardstick][round] as number))
}

function medians(figures: Figures): Record<string, number> {
  const median = (row: (typeof rows)[string]) => Number(spreadOf(ratios(figures, row)).median.toFixed(3))
  return Object.fromEntries(wanted.map(([name, row]) => [name, median(row)]))
}

function print(figures: Figures): void {
  const place = pinned ? 'a core of its own' : 'not kept on a core'
  console.log(`\nCPU time per request, median (range); ${place}; load before ${load.toFixed(1)}\n`)
  for (const [name, micros] of Object.entries(figures)) {
    if (micros.length === 0) continue
    console.log(`  ${name.padEnd(28)}${showSpread(spreadOf(micros), 0)} µs`)
  }
  console.log('\nratio in the same round\n')
  for (const [name, row] of wanted) {
    console.log(`  ${name.padEnd(28)}${showSpread(spreadOf(ratios(figures, row)), 2)}`)
  }
}
