import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { summary } from './test/support/summary.ts'

/** Every folder of tests is a suite with its own name, time and `setup.ts`; `test/support` holds none. */
const suites = readdirSync(new URL('test', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'support')
  .map((entry) => entry.name)

export default defineConfig({
  test: {
    projects: suites.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        globalSetup: [`test/${name}/setup.ts`].filter((file) => existsSync(file)),
      },
    })),
    reporters: ['default', summary()],
    passWithNoTests: true,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most tests wait more than they work.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
  },
})
