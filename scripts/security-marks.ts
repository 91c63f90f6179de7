import type { ExpressionStatement, IfStatement, Node } from 'acorn'
import { blankTypes, lineOf, parseScript, walk } from './source.ts'

/**
 * A line whose removal opens a hole carries a mark right above it:
 *
 *     // SECURITY: <why>. Test: <exact name of the test that goes red>
 *
 * What "permissive" means follows from the statement below the mark: the condition of an `if` (or `else if`) becomes
 * `false`; a call or an assignment disappears. Anything else says what it becomes, within the statement below:
 *
 *     // SECURITY(replace: a → b): <why>. Test: <name>
 */
export type Mark = { line: number; test: string; permissive: string }

/** The marks of a TypeScript file, each with the whole file, types blanked, made permissive there; and what is wrong with others. */
export function findMarks(text: string): { marks: Mark[]; problems: string[] } {
  const marks: Mark[] = []
  const problems: string[] = []
  const code = blankTypes(text)
  const tree = parseScript(code)
  for (const found of text.matchAll(/^[ \t]*\/\/ SECURITY.*\n(?:[ \t]*\/\/.*\n)*/gm)) {
    const line = lineOf(text, found.index)
    const comment = found[0]
      .replace(/^[ \t]*\/\/ ?/gm, '')
      .replaceAll('\n', ' ')
      .trim()
    const [, replace, test] = /^SECURITY(?:\(replace: (.+?)\))?: .+?[.:?!)] Test: (.+)$/.exec(comment) ?? []
    if (test === undefined) {
      problems.push(`line ${line}: a mark reads "SECURITY: <why>. Test: <exact name>"`)
      continue
    }
    const permissive = makePermissive(code, tree, found.index + found[0].length, replace)
    if (permissive === undefined)
      problems.push(`line ${line}: there is no rule that makes the statement below permissive`)
    else marks.push({ line, test, permissive })
  }
  return { marks, problems }
}

function makePermissive(text: string, tree: Node, from: number, replace: string | undefined): string | undefined {
  const statement = statementAt(text, tree, from)
  if (statement === undefined) return undefined
  const { start, end } = statement
  if (replace !== undefined) {
    const [before = '', after = ''] = replace.split(' → ')
    const own = text.slice(start, end)
    if (!own.includes(before)) return undefined
    return text.slice(0, start) + own.replace(before, () => after) + text.slice(end)
  }
  if (statement.type === 'IfStatement') {
    const { test } = statement as IfStatement
    return `${text.slice(0, test.start)}false${text.slice(test.end)}`
  }
  const isCall = statement.type === 'ExpressionStatement' && (statement as ExpressionStatement).directive === undefined
  return isCall ? `${text.slice(0, start)};${text.slice(end)}` : undefined
}

/** The outermost statement that begins right after a mark; an `else` may stand between. */
function statementAt(text: string, tree: Node, from: number): Node | undefined {
  const start = from + (/^\s*(?:else\s+)?/.exec(text.slice(from))?.[0].length ?? 0)
  let found: Node | undefined
  walk(tree, (node) => {
    if (node.start === start && found === undefined && /Statement$|Declaration$/.test(node.type)) found = node
  })
  return found
}
