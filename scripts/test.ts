/** Runs the tests: all suites, or those whose folders in `test/` are named. Other arguments go to vitest. */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const args = process.argv.slice(2)
const isSuite = (arg: string) => /^[a-z-]+$/.test(arg) && existsSync(join(import.meta.dirname, '../test', arg))
const suites = args.filter(isSuite).map((name) => `--project=${name}`)
const rest = args.filter((arg) => !isSuite(arg))

const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
// Tests start the gateway as a process many times: each reads compiled what the one before has compiled.
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compiled'), ...process.env }
const { status } = spawnSync(process.execPath, [vitest, 'run', ...suites, ...rest], { stdio: 'inherit', env })
process.exitCode = status ?? 1
