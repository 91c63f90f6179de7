/**
 * `npm run fuzz [-- --seconds 60] [--seed N] [--only NAME] [--path P]`: gives what strangers send to everything that reads it, and
 * looks whether what must hold still does. The same seed makes the same inputs; a failure is shrunk to the smallest one, and
 * printed with the command that repeats it. Loopback only.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import type { FuzzTarget } from './target.ts'
import { forwardingFields } from './targets/arrivals.ts'
import { codes, links } from './targets/codes.ts'
import { config } from './targets/config.ts'
import { appCookies, requestCookies } from './targets/cookies.ts'
import { messages } from './targets/messages.ts'
import { paths } from './targets/paths.ts'
import { requestHeaders } from './targets/request-headers.ts'
import { userAgents } from './targets/user-agents.ts'

const targets = [
  paths,
  requestHeaders,
  requestCookies,
  appCookies,
  forwardingFields,
  messages,
  userAgents,
  codes,
  links,
  config,
]

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string' },
    path: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only)
if (!(seconds > 0) || !Number.isInteger(seed) || chosen.length === 0) {
  console.error(`--seconds and --seed are numbers, --only is one of ${targets.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}

const shares = chosen.reduce((sum, { share = 1 }) => sum + share, 0)

let current = ''
process.on('uncaughtException', (error) => {
  console.error(`${current}: nobody caught this; repeat with --only ${current} --seed ${seed}\n${error.stack}`)
  process.exit(1)
})

console.log(`seed ${seed}, ${seconds} s`)
let failed = 0
for (const target of chosen) {
  current = target.name
  if (!(await holds(target))) failed++
}
console.log(`\n${chosen.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** Gives one target its share of the time. */
async function holds({ name, share = 1, open }: FuzzTarget): Promise<boolean> {
  const { property, close } = await open()
  const began = performance.now()
  const found = await fc.check(property, {
    seed,
    ...(values.path !== undefined && { path: values.path }),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: (seconds * 1000 * share) / shares,
    markInterruptAsFailure: false,
  })
  await close()
  const took = ((performance.now() - began) / 1000).toFixed(1)
  console.log(
    `${name.padEnd(18)}${String(found.numRuns).padStart(8)} inputs in ${took} s … ${found.failed ? 'FAILED' : 'ok'}`,
  )
  if (found.failed) {
    const { errorInstance, counterexample, counterexamplePath } = found
    console.log(`  ${errorInstance instanceof Error ? errorInstance.message : 'does not hold'}`)
    console.log(`  for ${JSON.stringify(counterexample)}`)
    console.log(`  again: npm run fuzz -- --only ${name} --seed ${seed} --path ${counterexamplePath}`)
  }
  return !found.failed
}
