import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { writeConfig } from '../support/config-file.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('the schema for editors, the example and the reference page are those of the code', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})

test('the example is a config without a fault, and short', async () => {
  const example = await readFile(`${root}config/entryphone.example.yaml`, 'utf8')
  const secrets = { oidc: 'secret', home_assistant: 'token' }
  const loaded = loadConfig(await writeConfig(example.replaceAll('/run/secrets/', ''), secrets), {})
  expect(loaded).toMatchObject({ warnings: [], config: { apps: [{ name: 'jellyfin' }, { title: 'Home Assistant' }] } })
  const lines = example
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
  expect(lines.length).toBeLessThanOrEqual(17)
})
