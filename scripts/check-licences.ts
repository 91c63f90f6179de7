/** Everything that is shipped has a permissive licence; tools may also have a weak copyleft that ends at their files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const permissive = [
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]
const forTools = [...permissive, 'MPL-2.0', 'Python-2.0', 'CC-BY-4.0']

type Locked = { license?: string; dev?: boolean; devOptional?: boolean }

/** One line for each package in the lock file whose licence is not among those. */
export function checkLicences(root = join(import.meta.dirname, '..')): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
  return Object.entries(lock.packages)
    .filter(([path, { license = '', dev, devOptional }]) => {
      const known = dev || devOptional ? forTools : permissive
      return path !== '' && !isWithin(license, known)
    })
    .map(([path, { license }]) => `${path}: ${license ?? 'no licence'}`)
}

/** Whether an SPDX expression without brackets inside brackets leaves us a choice among `known`. */
function isWithin(expression: string, known: readonly string[]): boolean {
  return expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => known.includes(licence.trim())))
}
