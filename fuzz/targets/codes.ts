import fc from 'fast-check'
import { foldCode, foldInvitationId, newInvitationId, newUserCode } from '../../src/logins/user-code.ts'
import { anyCase, text } from '../pieces.ts'
import { must, pureTarget } from '../target.ts'

const separators = fc.constantFrom('-', ' ', '', '–', '.', '/', '\u00a0', '\u200b', '_')
const fullWidth = (code: string) => code.replace(/[A-Z]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))

/** However a code is typed it is the same code, and whatever else is typed is none that anybody has. */
export const codes = pureTarget(
  'codes',
  fc.property(text(80), separators, fc.nat(9), fc.boolean(), (typed, separator, at, wide) => {
    const folded = foldCode(typed)
    must(folded === undefined || (folded !== '' && foldCode(folded) === folded), 'folding twice is not folding once')
    const id = foldInvitationId(typed)
    must(id === undefined || /^[A-Z2-7]{16}$/.test(id), 'an id of another shape')
    const code = newUserCode()
    const plain = code.replace('-', '')
    const spelled = `${plain.slice(0, at)}${separator}${plain.slice(at)}`
    must(foldCode(wide ? fullWidth(spelled) : spelled.toLowerCase()) === plain, `"${spelled}" is not ${code}`)
  }),
)

/** Short links in any letter case are one link. */
export const links = pureTarget(
  'links',
  fc.property(
    fc.constant(undefined).chain(() => {
      const id = newInvitationId()
      return anyCase(id).map((spelled) => ({ id, spelled }))
    }),
    ({ id, spelled }) => must(foldInvitationId(spelled) === id, `"${spelled}" is not ${id}`),
  ),
)
