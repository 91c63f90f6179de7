import { printable } from '../config/problem.ts'
import type { OnlineFinding } from '../online.ts'
import { count } from './config-file.ts'

const words = { fine: 'ok', warning: 'warning', problem: 'problem' }

/** What was found online, for people: a line for each, what to do below it, and what it comes to. Ends its last line. */
export function onlineText(findings: readonly OnlineFinding[]): string {
  const lines = findings.map(({ path, level, text, remedy }) => {
    // Apps and providers have said some of it, and a terminal does as it is told.
    const line = `${words[level].padEnd(9)}${path}: ${printable(text, 500)}`
    return remedy === undefined ? line : `${line}\n${remedyLines(remedy)}`
  })
  const amount = (level: OnlineFinding['level']) => findings.filter((finding) => finding.level === level).length
  const sum = `${count(amount('problem'), 'problem')}, ${count(amount('warning'), 'warning')} online.`
  return `${lines.join('\n')}\n\n${sum}\n`
}

/** Of several lines where there is something to copy. */
function remedyLines(remedy: string): string {
  return remedy
    .split('\n')
    .map((line) => `         ${printable(line, 500)}`)
    .join('\n')
}
