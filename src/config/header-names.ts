import { foldName } from '../traffic/forwarding/name-list.ts'
import { neverFields } from '../traffic/forwarding/request-fields.ts'
import type { Fault } from './address.ts'

/** Why a header name or `prefix*` cannot be let through to an app; undefined if it can. Any letter case. */
export function checkHeaderName(text: string): Fault | undefined {
  const [, name, star] = /^([!#$%&'+.^_`|~0-9a-z-]+)(\*?)$/i.exec(text) ?? []
  if (name === undefined) {
    return {
      fault: 'is not a header name.',
      hint: 'A * may stand at the end of a name; alone it would let everything in.',
    }
  }
  const folded = foldName(name)
  const refused = ['cookie', ...neverFields].find((field) => overlap(folded, star === '*', field))
  // SECURITY: a client could claim to be somebody else. Test: a header that carries an identity cannot be let through
  if (refused !== undefined) return { fault: `would let clients set ${refused}, which only the gateway sets.` }
  return undefined
}

/** Whether `name` (or what begins with it) and `field` (a name, or `prefix*`) have a name in common. */
function overlap(name: string, open: boolean, field: string): boolean {
  const stem = field.replace(/-?\*$/, '')
  if (open && stem.startsWith(name)) return true
  return field.endsWith('*') ? name === stem || name.startsWith(`${stem}-`) : name === stem
}
