import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { checkRecipeNames } from '../../scripts/check-recipe-names.ts'
import { recipes } from '../../src/config/recipes.ts'
import { recipeKinds } from '../../src/recipes/registry.ts'
import { makeTempDir } from '../support/temp-dir.ts'

async function problemsOf(path: string, text: string): Promise<string[]> {
  const src = await makeTempDir()
  for (const [name, content] of Object.entries({
    'recipes/film-club/gate.ts': "export const a = 'FilmClub'",
    [path]: text,
  })) {
    await mkdir(dirname(join(src, name)), { recursive: true })
    await writeFile(join(src, name), content)
  }
  return checkRecipeNames(src)
}

test.each([
  ['traffic/decide.ts', "export const isOpen = (path: string) => path === '/film_club/ping'"],
  ['traffic/dispatch.ts', 'export const filmClub = 1'],
  ['door/me.ts', 'export const page = (code: string) => `QuickConnect: ` + code'],
  ['threshold/enter.ts', "import { gate } from '../recipes/film-club/gate.ts'\nexport { gate }"],
  ['recipes/inside.ts', "export const key = 'film-club'"],
])("an app's name in %s is found", async (path, text) => {
  expect(await problemsOf(path, text)).toEqual([expect.stringMatching(`^src/${path}:1: `)])
})

test("an app's name is fine in its folder, in the registry, in the config's list and in comments", async () => {
  for (const path of [
    'recipes/film-club/client.ts',
    'recipes/registry.ts',
    'config/recipes.ts',
    'screens/companions.ts',
  ]) {
    expect(await problemsOf(path, "export const a = 'film-club'")).toEqual([])
  }
  expect(await problemsOf('traffic/decide.ts', '/** As the film-club wants it. */\nexport const a = 1')).toEqual([])
})

test('the config names the recipes that there are, and no others', () => {
  expect(Object.keys(recipes).sort()).toEqual(Object.keys(recipeKinds).sort())
})
