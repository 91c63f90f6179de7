import { readFileSync } from 'node:fs'
import type { Reporter, TestModule, TestSuite } from 'vitest/node'
import { type PartName, parts } from './parts.ts'

type Count = { passed: number; failed: number; skipped: number; ms: number }

/**
 * The end of a test run: each suite's count and time, the parts of the machine that were missing with the command
 * that brings each, and last the plain line "N passed, N failed". A file that cannot run at all counts as one failure.
 */
export function summary(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const suites = new Map<string, Count>()
      for (const module of modules) count(module, suites)
      const all = [...suites.values()]
      const failed = all.reduce((sum, suite) => sum + suite.failed, unhandledErrors.length)
      const width = Math.max(0, ...[...suites.keys()].map((name) => name.length))
      const lines = [...suites].map(([name, suite]) => {
        const skipped = suite.skipped > 0 ? `, ${suite.skipped} skipped` : ''
        const seconds = (suite.ms / 1000).toFixed(1)
        return `${name.padEnd(width)}  ${seconds} s  ${suite.passed} passed, ${suite.failed} failed${skipped}`
      })
      for (const part of missingParts(modules))
        lines.push(`skipped: ${part.what} is missing. Bring it with: ${part.bring}`)
      lines.push('', `${all.reduce((sum, suite) => sum + suite.passed, 0)} passed, ${failed} failed`)
      // At the very end, below what the other reporter says about failures.
      process.once('exit', () => console.log(lines.join('\n')))
    },
  }
}

function count(module: TestModule, suites: Map<string, Count>): void {
  const suite = suites.get(module.project.name) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 }
  suites.set(module.project.name, suite)
  const { duration, collectDuration, setupDuration } = module.diagnostic()
  suite.ms += duration + collectDuration + setupDuration
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'passed' || state === 'failed') suite[state]++
    else suite.skipped++
  }
  const outsideTests = [module, ...module.children.allSuites()].some(
    (part: TestModule | TestSuite) => part.errors().length > 0,
  )
  if (outsideTests) suite.failed++
}

/** A file that skipped something and asks `needPart` for a part that is not here. */
function missingParts(modules: readonly TestModule[]) {
  const names = new Set<PartName>()
  for (const module of modules) {
    if (![...module.children.allTests()].some((test) => test.result().state === 'skipped')) continue
    for (const [, name] of readFileSync(module.moduleId, 'utf8').matchAll(/needPart\('([^']+)'\)/g)) {
      if (parts[name as PartName].find() === undefined) names.add(name as PartName)
    }
  }
  return [...names].map((name) => parts[name])
}
