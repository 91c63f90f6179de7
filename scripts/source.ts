import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { type Node, parse } from 'acorn'

/** A TypeScript file as the checks read it. Positions in `text` and in the tree are the same. */
export type SourceFile = {
  /** From the folder that was asked for, with `/`: `traffic/decide.ts`. */
  path: string
  text: string
  tree: Node
}

/** Every TypeScript file below `folder`, parsed; types are blanked out first, so only what runs is in the tree. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8')
      return { path: path.replaceAll('\\', '/'), text, tree: parseScript(blankTypes(text)) }
    })
}

/** The same text with spaces where types stood: JavaScript, with every position unchanged. */
export function blankTypes(text: string): string {
  return stripTypeScriptTypes(text)
}

export function parseScript(code: string): Node {
  return parse(code, { ecmaVersion: 'latest', sourceType: 'module' })
}

/** Calls `visit` with every node of the tree. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const child of Object.values(node)) {
    for (const part of Array.isArray(child) ? child : [child]) if (isNode(part)) walk(part, visit)
  }
}

/** "12" for a position in the twelfth line. */
export function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}
