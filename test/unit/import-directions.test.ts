import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { checkClock } from '../../scripts/check-clock.ts'
import { checkImports } from '../../scripts/check-imports.ts'
import { makeTempDir } from '../support/temp-dir.ts'

/** A folder like `src` with these files. */
async function sources(files: Record<string, string>): Promise<string> {
  const src = await makeTempDir()
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(src, path)), { recursive: true })
    await writeFile(join(src, path), text)
  }
  return src
}

test.each([
  [
    'a page of the house in the way of a request',
    'traffic/forwarding/forward.ts',
    "import { page } from '../../pages/screen.ts'",
  ],
  ['what is above', 'lib/clock.ts', "import { load } from '../config/load.ts'"],
  ['the same through a re-export', 'sessions/session.ts', "export { find } from '../store/memory.ts'"],
  ['the same, loaded later', 'store/memory.ts', "export const later = () => import('../door/routes.ts')"],
  ['for its effect alone', 'screens/rules.ts', "import '../pages/screen.ts'"],
  ['over several lines', 'provider/openid.ts', "import {\n  find,\n  keep,\n} from '../store/memory.ts'"],
  ['a type of a folder that it must not know', 'store/memory.ts', "import type { Page } from '../pages/views.ts'"],
  ['the library of another', 'door/callback.ts', "import * as client from 'openid-client'"],
  ['part of the library of another', 'traffic/find-session.ts', "import { Value } from 'typebox/value'"],
  ['a library without an owner', 'lib/place.ts', "import lodash from 'lodash'"],
  ['the database', 'logins/logins.ts', "import { DatabaseSync } from 'node:sqlite'"],
  ['a folder without a rule', 'news/feed.ts', "import { keep } from '../store/memory.ts'"],
])('is refused: %s', async (_why, path, text) => {
  const [problem] = checkImports(await sources({ [path]: text }))
  expect(problem).toMatch(new RegExp(`^src/${RegExp.escape(path)}:1: `))
})

test('values and types pass where the tables allow them', async () => {
  const src = await sources({
    'traffic/decide.ts': "import type { Page } from '../pages/views.ts'\nimport { judge } from '../sessions/allow.ts'",
    'sessions/allow.ts': "import type { Identity } from '../provider/provider.ts'",
    'store/sqlite.ts': "import { DatabaseSync } from 'node:sqlite'\nimport { read } from './memory.ts'",
  })
  expect(checkImports(src)).toEqual([])
})

test('a decision may load nothing of Node', async () => {
  const src = await sources({ 'traffic/decide.ts': "import { isIP } from 'node:net'" })
  expect(checkImports(src)).toEqual(['src/traffic/decide.ts:1: traffic/decide.ts is pure and may not use node:net'])
})

test('a cold module that a request would load is named with the way to it', async () => {
  const src = await sources({
    'traffic/find-session.ts': "import { find } from '../sessions/sessions.ts'",
    'sessions/sessions.ts': "import { read } from '../store/memory.ts'",
    'store/memory.ts': '',
  })
  expect(checkImports(src)).toContain(
    'src/traffic/find-session.ts → sessions/sessions.ts → store/memory.ts: a request would load a cold module',
  )
})

test.each(['Date.now()', 'new Date()', 'Math.random()', 'setTimeout(() => {}, 5)', 'performance.now()'])(
  "the machine's own clock and chance are refused: %s",
  async (text) => {
    expect(checkClock(await sources({ 'door/tries.ts': `export const a: unknown = ${text}` }))).toHaveLength(1)
    expect(checkClock(await sources({ 'lib/clock.ts': `export const a: unknown = ${text}` }))).toEqual([])
  },
)

test('a date of a given moment and the idle limit of a socket are fine', async () => {
  const src = await sources({
    'traffic/forwarding/tunnel.ts': 'new Date(5)\nsocket.setTimeout(5)\nexport const page = "setTimeout(go)"',
  })
  expect(checkClock(src)).toEqual([])
})
