/** Holds docs/threat-model.md to the tests: every test that it names exists, and every row of the catalogue is there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTestNames } from './test-names.ts'

/** The catalogue: how many rows each letter has, and the rows between them. */
const lastRow = { S: 20, H: 18, P: 20, M: 3, V: 6, R: 10, C: 10, K: 16, W: 11, F: 6, X: 4 } as const
const lastRowToo = { E: 8, L: 7, D: 12, B: 6, N: 12, U: 24, J: 40, A: 26 } as const
const between = ['U6b', 'U15b', 'K5b']

/** One line for each row that is missing, doubled or says nothing, and for each test that does not exist. */
export function checkThreatModel(root = join(import.meta.dirname, '..')): string[] {
  const text = readFileSync(join(root, 'docs/threat-model.md'), 'utf8')
  const tests = new Set(readTestNames(root).flatMap(({ names }) => [...names]))
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('|---'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter((cells) => cells.at(-2) !== 'shown by')
    .map((cells) => ({ row: cells[1] ?? '', shown: cells.at(-2) ?? '' }))
  return [
    ...wantedRows().flatMap((wanted) => countProblem(wanted, rows.filter(({ row }) => row === wanted).length)),
    ...rows.flatMap(({ row, shown }) => rowProblems(row, shown, tests)),
  ]
}

function wantedRows(): string[] {
  const counts = Object.entries({ ...lastRow, ...lastRowToo })
  return [
    ...counts.flatMap(([letter, last]) => Array.from({ length: last }, (_, i) => `${letter}${i + 1}`)),
    ...between,
  ]
}

function countProblem(row: string, count: number): string[] {
  if (count === 1) return []
  return [`docs/threat-model.md: row ${row} is ${count === 0 ? 'missing' : 'there twice'}`]
}

function rowProblems(row: string, shown: string, tests: ReadonlySet<string>): string[] {
  const named = [...shown.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replaceAll('\\|', '|'))
  if (named.length === 0 && !/^cannot apply: \S/.test(shown)) {
    return [`docs/threat-model.md: ${row} names no test in backticks and does not begin with "cannot apply:"`]
  }
  if (shown.startsWith('cannot apply: ')) return []
  return named.filter((name) => !tests.has(name)).map((name) => `docs/threat-model.md: ${row}: no test "${name}"`)
}
