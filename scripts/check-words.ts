/** What must not stand in the repository: paths of somebody's machine, addresses of package registries, names of files that are not here. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

// Written in two parts, so that this file does not find itself.
const forbidden = [
  ['registry.npm', 'js.org'],
  ['registry.yarn', 'pkg.com'],
  ['files.python', 'hosted.org'],
  ['/home', '/[a-z]+/'],
  ['/Users', '/[a-z]+/'],
  ['/root', '/'],
  ['/work', '/(main|shared)'],
  ['/opt', '/node'],
  // Notes that are not in the repository: a comment names where the fact itself stands.
  ['research', '/[a-z]+\\.md'],
].map((halves) => new RegExp(halves.join('')))

/** One line for each line of a tracked text file that holds one of them. */
export function checkWords(root = join(import.meta.dirname, '..')): string[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  return files.flatMap((file) => {
    const text = readText(join(root, file))
    return text.split('\n').flatMap((line, index) => {
      const found = forbidden.find((pattern) => pattern.test(line))
      return found ? [`${file}:${index + 1}: ${found.exec(line)?.[0]}`] : []
    })
  })
}

/** The text of a file; nothing for a picture, and for one that is deleted but not yet committed. */
function readText(file: string): string {
  try {
    const bytes = readFileSync(file)
    return bytes.includes(0) ? '' : bytes.toString('utf8')
  } catch {
    return ''
  }
}
