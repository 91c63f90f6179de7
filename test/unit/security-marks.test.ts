import { expect, test } from 'vitest'
import { findMarks } from '../../scripts/security-marks.ts'

const mark = (statement: string, kind = 'SECURITY') => `// ${kind}: a reason. Test: a name\n${statement}\n`

test.each([
  ['if (!own(request)) throw refusal()', 'if (false) throw refusal()'],
  ['if (a) one()\nelse two()', 'if (false) one()\nelse two()'],
  ['if (a && (b || c)) {\n  throw new Error()\n}', 'if (false) {\n  throw new Error()\n}'],
  ['headers.delete(name)', ';'],
  ['held = undefined as string | undefined', ';'],
])('made permissive: %s', (statement, permissive) => {
  const { marks, problems } = findMarks(mark(statement))
  expect(problems).toEqual([])
  expect(marks.map(({ line, test }) => ({ line, test }))).toEqual([{ line: 1, test: 'a name' }])
  expect(marks[0]?.permissive.trimEnd()).toBe(mark(permissive).trimEnd())
})

test('an else if is made permissive without what stands before it', () => {
  const text = `if (a) one()\n${mark('else if (b) two()')}`
  expect(findMarks(text).marks[0]?.permissive).toBe(`if (a) one()\n${mark('else if (false) two()')}`)
})

test('a mark can say what its statement becomes', () => {
  const kind = 'SECURITY(replace: key === own → true)'
  const text = mark('const fine = key === own && fresh', kind)
  expect(findMarks(text).marks[0]?.permissive).toBe(mark('const fine = true && fresh', kind))
})

test('a reason may go over several lines', () => {
  const text = '// SECURITY: a long\n// reason. Test: a name\nif (a) b()\n'
  expect(findMarks(text).marks).toMatchObject([{ line: 1, test: 'a name' }])
})

test.each([
  ['without a test', '// SECURITY: a reason\nif (a) b()\n'],
  ['without a reason', '// SECURITY: Test: a name\nif (a) b()\n'],
  ['above what no rule makes permissive', mark('const fine = key === own')],
  ['whose replacement is not there', mark('const fine = key === own', 'SECURITY(replace: other → true)')],
  ['above nothing', mark('')],
])('a mark %s is a problem', (_why, text) => {
  const { marks, problems } = findMarks(text)
  expect(marks).toEqual([])
  expect(problems).toHaveLength(1)
})
