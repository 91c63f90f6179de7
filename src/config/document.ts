import { isAlias, isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import type { Place } from './place.ts'
import type { Path, Problem } from './problem.ts'
import { keyName, yamlMisuses } from './yaml-misuse.ts'
import { yamlProblems } from './yaml-problem.ts'

/** YAML as plain values, and where each of them stands. */
export type ConfigDocument = {
  value: unknown
  /** Where the key (of a map) or the item (of a list) at `path` stands, or the nearest place around it. */
  keyAt(path: Path): Place | undefined
  /** Where the value at `path` stands, or the nearest place around it. */
  valueAt(path: Path): Place | undefined
  /** Whether the file has something at `path`, fitting or not. */
  has(path: Path): boolean
}

/** How often one anchor may come out in the end: shared `allow` lists are fine, a bomb of aliases in aliases is not. */
const MAX_EXPANSION = 100

/** Parses YAML 1.2. Never throws; the problems show no part of the file but its keys. */
export function parseConfig(source: string): { document: ConfigDocument } | { problems: Problem[] } {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, source.length))
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  try {
    // Doubled keys are found below: the parser's own way takes quadratic time.
    const parsed = parseDocument(source, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      resolveKnownTags: false,
    })
    const syntax = [...parsed.errors, ...parsed.warnings]
    if (syntax.length > 0) return { problems: yamlProblems(syntax, placeAt) }
    const misuses = yamlMisuses(parsed.contents, placeAt)
    if (misuses.length > 0) return { problems: misuses }
    const value: unknown = parsed.toJS({ maxAliasCount: MAX_EXPANSION })
    return { document: { value, ...locator(parsed.contents, (alias) => resolve(alias, parsed), placeAt) } }
  } catch (error) {
    return { problems: yamlProblems([error], placeAt) }
  }
}

function resolve(node: unknown, parsed: ReturnType<typeof parseDocument>): unknown {
  return isAlias(node) ? node.resolve(parsed) : node
}

function locator(root: unknown, resolved: (node: unknown) => unknown, placeAt: (offset: number) => Place) {
  function find(path: Path): { key: Place | undefined; value: Place | undefined; whole: boolean } {
    let value = placeOf(root, placeAt)
    let key = value
    let node = root
    for (const step of path) {
      const child = childOf(resolved(node), step)
      if (child === undefined) return { key, value: key, whole: false }
      node = child.value
      key = placeOf(child.key, placeAt) ?? key
      value = placeOf(node, placeAt) ?? key
    }
    return { key, value, whole: true }
  }
  return {
    keyAt: (path: Path) => find(path).key,
    valueAt: (path: Path) => find(path).value,
    has: (path: Path) => find(path).whole,
  }
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) return node.items.find((item) => keyName(item) === step)
  const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined
  return item === undefined ? undefined : { key: item, value: item }
}

function placeOf(node: unknown, placeAt: (offset: number) => Place): Place | undefined {
  const offset = (node as Node | null | undefined)?.range?.[0]
  return offset === undefined ? undefined : placeAt(offset)
}
