/**
 * For docs/scaling.md: what each thing costs here, what that comes to for 100,000 screens, and whether the formulas in
 * between hold. Three minutes. `node bench/scaling.ts [--json]`; with `--json` what was measured, and nothing else.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from './scaling-measure.ts'
import type { Cost } from './scaling-meter.ts'
import { seeded, simulateFeed, simulateReads } from './scaling-simulation.ts'
import { type Crowd, feedReads, mostEntriesPerSecond, needsOf, readsPerSecond } from './scaling-sums.ts'
import { showSpread } from './statistics.ts'

const quiet = { waiting: 200, loginsPerSecond: 0.1, revokesPerSecond: 0.1 }
const evening = { screens: 1e5, used: 2e4, requestsPerSecond: 0.2, megabitsPerSecond: 5, ...quiet }
const crowds: Crowd[] = [
  { name: 'an evening: a fifth watches films of 5 Mbit/s', ...evening },
  { name: 'the same without the films', ...evening, megabitsPerSecond: 0 },
  { name: 'everybody at once, without films', ...evening, used: 1e5, megabitsPerSecond: 0 },
  { name: 'a fifth, in apps that ask every second', ...evening, requestsPerSecond: 1, megabitsPerSecond: 0.05 },
  {
    name: 'everybody waits with a code, and signs in within an hour',
    ...evening,
    used: 0,
    waiting: 1e5,
    loginsPerSecond: 28,
  },
]

const dir = mkdtempSync(join(tmpdir(), 'entryphone-scaling-'))
process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
const measured = await measure(dir, (line) => console.error(line))
if (process.argv.includes('--json')) console.log(JSON.stringify(measured, null, 1))
else print()
process.exit()

function print(): void {
  const { revokeMs, sessionBytesInRedis, loginBytesInRedis, waitingBytes, sessionBytesInGateway, ...costs } = measured
  console.log('\nmeasured, each: CPU time of the gateway, of Redis; commands')
  for (const [name, { gatewayMicros, redisMicros, commands }] of Object.entries<Cost>(costs)) {
    const sent = Object.entries(commands).map(([command, count]) => `${count.toFixed(2)} ${command}`)
    const figures = `${gatewayMicros.toFixed(0).padStart(9)} µs${redisMicros.toFixed(1).padStart(9)} µs`
    console.log(`  ${name.padEnd(14)}${figures}   ${sent.join(', ')}`)
  }
  console.log(
    `  a session: ${kB(sessionBytesInRedis)} of Redis, ${kB(sessionBytesInGateway)} of a gateway that remembers it`,
  )
  console.log(`  a waiting screen: ${kB(loginBytesInRedis)} of Redis, ${kB(waitingBytes)} of its gateway`)
  console.log(`  from a sign-out to the refusal at another gateway: ${showSpread(revokeMs, 1)} ms`)

  console.log('\nthe sums')
  for (const crowd of crowds) {
    console.log(`  ${crowd.name}`)
    for (const gateways of [1, 2, 4, 8, 16, 32]) {
      const needs = needsOf(crowd, gateways, measured)
      console.log(
        `    ${`${gateways}`.padStart(2)} gateways: ${needs.coresOfEach.toFixed(2)} cores and ${needs.gigabytesOfEach.toFixed(2)} GB each; ` +
          `Redis ${(needs.coreOfRedis * 100).toFixed(0)} % of a core, ${needs.commandsPerSecond.toFixed(0)} commands/s ` +
          `(${needs.readsOfTheFeed.toFixed(0)} of the feed), ${needs.gigabytesOfRedis.toFixed(2)} GB`,
      )
    }
  }

  console.log('\nformula and simulation')
  const random = seeded(1)
  for (const [rate, gateways] of [
    [0.2, 2],
    [0.2, 16],
    [1, 4],
    [5, 4],
  ] as const) {
    const [sum, simulated] = [readsPerSecond(rate, gateways), simulateReads(rate, gateways, random)]
    console.log(
      `  ${rate} requests/s over ${gateways} gateways: ${sum.toFixed(3)} and ${simulated.toFixed(3)} reads/s of one session`,
    )
  }
  for (const entries of [1, 112, 1000]) {
    const { reads, latestMs } = simulateFeed(entries, 1, random)
    const sum = feedReads(entries, 1).toFixed(1)
    console.log(
      `  ${entries} entries/s: ${sum} and ${reads.toFixed(1)} reads/s of one gateway; heard after ${latestMs.toFixed(1)} ms at most`,
    )
  }
  console.log(`  without publish and subscribe, entries are missed from ${mostEntriesPerSecond} a second on`)
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
