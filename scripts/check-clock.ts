/** Time comes from `Clock` alone and chance from `lib/random.ts`, so that tests can turn the one and name the other. */
import { join } from 'node:path'
import type { CallExpression, Identifier, MemberExpression, NewExpression, Node } from 'acorn'
import { lineOf, readSources, walk } from './source.ts'

const owners = ['lib/clock.ts', 'lib/random.ts']
const functions = ['setTimeout', 'setInterval', 'setImmediate']
const members = ['Date.now', 'Math.random', 'performance.now', 'process.hrtime']

/** One line for each use of the machine's own clock or chance in `src`. */
export function checkClock(src = join(import.meta.dirname, '../src')): string[] {
  const problems: string[] = []
  for (const { path, text, tree } of readSources(src)) {
    if (owners.includes(path)) continue
    walk(tree, (node) => {
      const found = forbidden(node)
      if (found) problems.push(`src/${path}:${lineOf(text, node.start)}: ${found}: take a Clock, or lib/random.ts`)
    })
  }
  return problems
}

function forbidden(node: Node): string | undefined {
  if (node.type === 'NewExpression') {
    const { callee, arguments: args } = node as NewExpression
    return nameOf(callee) === 'Date' && args.length === 0 ? 'new Date()' : undefined
  }
  if (node.type === 'CallExpression') return functions.find((name) => name === nameOf((node as CallExpression).callee))
  if (node.type === 'MemberExpression') {
    const { object, property } = node as MemberExpression
    return members.find((name) => name === `${nameOf(object)}.${nameOf(property)}`)
  }
  return undefined
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' ? (node as Identifier).name : undefined
}
