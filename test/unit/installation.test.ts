import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

type Package = { dev?: boolean; hasInstallScript?: boolean; os?: string[]; cpu?: string[] }

test('N11: nothing that is needed runs a script when it is installed or is made for one machine, so npm ci --ignore-scripts is enough', () => {
  const lock = readFileSync(join(resolve(import.meta.dirname, '../..'), 'package-lock.json'), 'utf8')
  const { packages } = JSON.parse(lock) as { packages: Record<string, Package> }
  const needed = Object.entries(packages).filter(([, { dev }]) => dev !== true)
  expect(needed.length).toBeGreaterThan(50)
  expect(
    needed.filter(([, { hasInstallScript, os, cpu }]) => hasInstallScript || os || cpu).map(([name]) => name),
  ).toEqual([])
})
