/** `npm run check`: everything that can be said about the code without running it. One line a check. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkClock } from './check-clock.ts'
import { checkImports } from './check-imports.ts'
import { checkLicences } from './check-licences.ts'
import { checkRecipeNames } from './check-recipe-names.ts'
import { checkThreatModel } from './check-threat-model.ts'
import { checkWords } from './check-words.ts'

const root = join(import.meta.dirname, '..')

/** Each returns what is wrong, a line or a whole report an entry. */
const checks: Record<string, () => string[]> = {
  types: () => tool('typescript/bin/tsc', '--noEmit', '-p', '.'),
  'format and lint': () => tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  'unused code': () => tool('knip/bin/knip.js', '--no-progress'),
  'generated files': () => node('scripts/generate.ts', '--check'),
  'import directions': checkImports,
  'names of recipes': checkRecipeNames,
  'clock and chance': checkClock,
  licences: checkLicences,
  'threat model': checkThreatModel,
  words: checkWords,
}

let failed = 0
for (const [name, check] of Object.entries(checks)) {
  const began = performance.now()
  const problems = check()
  if (problems.length > 0) failed++
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${name} … ${problems.length > 0 ? 'FAILED' : 'ok'} (${seconds} s)`)
  for (const problem of problems) console.log(problem.replace(/^(?=.)/gm, '  '))
}
console.log(`\n${Object.keys(checks).length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** The command of an installed package, run by this Node. */
function tool(file: string, ...args: string[]): string[] {
  return node(join('node_modules', file), ...args)
}

function node(...args: string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (error) return [error.message]
  return status === 0 ? [] : [(stdout + stderr).trim() || `ended with ${status}`]
}
