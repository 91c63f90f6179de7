/** What is known of one app stands in its recipe's folder: no code elsewhere in `src` names it. Comments may. */
import { join } from 'node:path'
import type { Identifier, Literal, Node, TemplateElement } from 'acorn'
import { lineOf, readSources, walk } from './source.ts'

/** Files that may name an app, and why. A folder ends in `/`. */
const homes: Record<string, string> = {
  'recipes/registry.ts': 'opens each recipe by its name',
  'config/recipes.ts': 'holds the names that a config may write',
  'config/recipe-schema.ts': 'says what the options of each recipe mean',
  'config/app-schema.ts': 'gives examples of hosts',
  'screens/': 'knows user agents, as it does those of browsers',
  'traffic/forwarding/request-fields.ts': 'lists harmless header names of many apps, with a recipe or without',
}

/** What gives an app away that is not the name of its folder. */
const further = ['quick-connect', 'media-browser', 'emby', 'hass-tokens', 'hass-io']

/** One line for each name of an app where none belongs. */
export function checkRecipeNames(src = join(import.meta.dirname, '../src')): string[] {
  const files = readSources(src)
  const folders = files.flatMap(({ path }) => /^recipes\/([^/]+)\//.exec(path)?.[1] ?? [])
  const names = [...new Set(folders)].filter((name) => name !== 'generic')
  const pattern = new RegExp(`${[...names, ...further].map((name) => name.replaceAll('-', '[-_ ]?')).join('|')}`, 'i')
  const problems: string[] = []
  for (const { path, text, tree } of files) {
    if (/^recipes\/[^/]+\//.test(path) || Object.keys(homes).some((home) => isAt(path, home))) continue
    walk(tree, (node) => {
      const name = pattern.exec(textOf(node))?.[0]
      if (name !== undefined) problems.push(`src/${path}:${lineOf(text, node.start)}: "${name}" belongs to a recipe`)
    })
  }
  return problems
}

function isAt(path: string, home: string): boolean {
  return home.endsWith('/') ? path.startsWith(home) : path === home
}

function textOf(node: Node): string {
  if (node.type === 'Identifier') return (node as Identifier).name
  if (node.type === 'TemplateElement') return (node as TemplateElement).value.raw
  return node.type === 'Literal' ? ((node as Literal).raw ?? '') : ''
}
