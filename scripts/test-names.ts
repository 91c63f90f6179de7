import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The names of all tests, by file, as they are written in `test/**`, contracts included; paths are relative to the root. */
export function readTestNames(root: string): { path: string; names: Set<string> }[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') || (path.startsWith('contract') && path.endsWith('.ts')))
    .map((path) => {
      const text = readFileSync(join(root, 'test', path), 'utf8')
      const names = [...text.matchAll(/\btest(?:\.\w+(?:\([^)]*\))?)*\(\s*(['"`])(.+?)(?<!\\)\1/g)]
      return { path: join('test', path), names: new Set(names.map(([, , name = '']) => name.replace(/\\(.)/g, '$1'))) }
    })
}
