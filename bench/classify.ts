/** Accuracy and speed of `classify` on a file of labelled user agents: `node bench/classify.ts FILE [--misses]`. */
import { readFileSync } from 'node:fs'
import { classify } from '../src/screens/classify.ts'
import type { Screen, ScreenClass, ScreenFacts } from '../src/screens/screen.ts'

type Row = { ua: string; type: string; headers?: Record<string, string> }

const SCREENS = ['tv', 'console', 'car']
const OFFERED = ['ereader', 'xr', 'watch', 'smart_display', 'signage']

function factsOf(row: Row): ScreenFacts {
  const named = new Map(Object.entries(row.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  return {
    userAgent: row.ua,
    requestedWith: named.get('x-requested-with'),
    platformHint: named.get('sec-ch-ua-platform'),
    modelHint: named.get('sec-ch-ua-model'),
    formFactorsHint: named.get('sec-ch-ua-form-factors'),
  }
}

function isMiss(type: string, screen: Screen): boolean {
  if (type === 'tv') return screen.class !== 'constrained' && screen.class !== 'uncertain'
  if (SCREENS.includes(type)) return screen.class !== 'constrained'
  if (OFFERED.includes(type)) return screen.class === 'capable'
  return screen.class === 'constrained'
}

type Line = Record<ScreenClass | 'rows' | 'wrong', number>

function accuracy(rows: Row[], showMisses: boolean): void {
  const table: Record<string, Line> = {}
  for (const row of rows) {
    const screen = classify(factsOf(row))
    const line = table[row.type] ?? { rows: 0, constrained: 0, uncertain: 0, webview: 0, capable: 0, wrong: 0 }
    table[row.type] = line
    line.rows += 1
    line[screen.class] += 1
    if (!isMiss(row.type, screen)) continue
    line.wrong += 1
    if (showMisses) console.log(`${row.type} → ${screen.class} ${screen.kind} (${screen.why}): ${row.ua}`)
  }
  console.table(table)
}

function speed(rows: Row[]): void {
  const facts = rows.map(factsOf)
  for (const fact of facts) classify(fact)
  const started = performance.now()
  for (const fact of facts) classify(fact)
  console.log(`mean ${(((performance.now() - started) * 1000) / facts.length).toFixed(1)} µs over ${facts.length} rows`)
}

function hostile(): void {
  const heads = [
    '',
    'Mozilla/5.0 (Linux; Android ',
    'Mozilla/5.0 (',
    'HbbTV/1.1.1 (',
    'Opera/9.80 (Linux ',
    'Tizen ',
    'Tesla/',
  ]
  const fills = ['a', ' ', ';', '(', ')', ', ', '-', 'TV', 'AFT', '"', '/', 'Android;', '\u00ff']
  let worstMs = 0
  for (const head of heads) {
    for (const fill of fills) {
      const text = head + fill.repeat(65_536 / fill.length)
      const started = performance.now()
      classify({ userAgent: text, requestedWith: text, modelHint: text, formFactorsHint: text, platformHint: text })
      worstMs = Math.max(worstMs, performance.now() - started)
    }
  }
  console.log(`worst of ${heads.length * fills.length} hostile strings of 64 kB: ${worstMs.toFixed(3)} ms`)
}

const file = process.argv[2]
if (file === undefined) {
  console.error('usage: node bench/classify.ts FILE [--misses]   (one JSON object a line: ua, type, headers)')
  process.exitCode = 1
} else {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
  accuracy(rows, process.argv.includes('--misses'))
  speed(rows)
  hostile()
}
