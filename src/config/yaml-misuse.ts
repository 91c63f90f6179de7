import { isAlias, isMap, isPair, isScalar, type Node, type Pair, visit } from 'yaml'
import type { Place } from './place.ts'
import { type Problem, pathText, printable } from './problem.ts'

/** Shared `allow` lists need a handful; each alias is one use of a shared part. */
const MAX_ALIASES = 50
const MAX_PROBLEMS = 20

/** What the YAML parser lets through, or finds too slowly: doubled keys, and aliases that lead nowhere or in circles. */
export function yamlMisuses(root: Node | null, placeAt: (offset: number) => Place): Problem[] {
  const problems: Problem[] = []
  const anchors = new Map<string, Node>()
  let aliases = 0
  visit(root, {
    Node(_key, node, ancestors) {
      if (problems.length >= MAX_PROBLEMS) return visit.BREAK
      if (isAlias(node)) {
        aliases++
        const fault = aliasFault(node, anchors.get(node.source), aliases)
        if (fault !== undefined) problems.push({ path: '', ...placeAt(start(node)), ...fault })
        if (aliases > MAX_ALIASES) return visit.BREAK
      } else if (node.anchor !== undefined) {
        anchors.set(node.anchor, node)
      }
      if (isMap(node)) problems.push(...doubledKeys(node.items, ancestors.filter(isPair).map(keyName), placeAt))
      return undefined
    },
  })
  return problems.slice(0, MAX_PROBLEMS)
}

/** The key of a pair as text. */
export function keyName(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}

function aliasFault(
  alias: Node,
  anchor: Node | undefined,
  count: number,
): { message: string; hint: string } | undefined {
  if (count > MAX_ALIASES)
    return { message: `uses more than ${MAX_ALIASES} YAML aliases (*name).`, hint: 'Write the values out.' }
  if (anchor === undefined) {
    return {
      message: 'uses a YAML alias (*name) without an anchor (&name) before it.',
      hint: 'Put a value that starts with * in quotes.',
    }
  }
  const inside = (anchor.range?.[1] ?? 0) > start(alias)
  return inside
    ? { message: 'uses a YAML alias (*name) inside of what it stands for.', hint: 'Write the value out.' }
    : undefined
}

function doubledKeys(
  pairs: readonly Pair[],
  parents: readonly string[],
  placeAt: (offset: number) => Place,
): Problem[] {
  const problems: Problem[] = []
  const lines = new Map<string, number>()
  for (const pair of pairs) {
    const name = keyName(pair)
    const place = placeAt(start(pair.key as Node))
    const first = lines.get(name)
    if (first === undefined) lines.set(name, place.line)
    else if (problems.length < MAX_PROBLEMS) {
      const path = pathText([...parents, printable(name, 60)])
      problems.push({ path, ...place, message: `is given twice: first on line ${first}.`, hint: 'Keep one of them.' })
    }
  }
  return problems
}

function start(node: Node | null): number {
  return node?.range?.[0] ?? 0
}
