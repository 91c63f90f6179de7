import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { loadConfig } from '../../src/config/load.ts'
import { text } from '../pieces.ts'
import { type FuzzTarget, must } from '../target.ts'

const SECRET = 'a-secret-that-must-not-be-printed'

// biome-ignore lint/suspicious/noTemplateCurlyInString: how a config names a variable
const BY_VARIABLE = '${OIDC_SECRET}'

const example = readFileSync(new URL('../../config/entryphone.example.yaml', import.meta.url), 'utf8')
  .replace(/client_secret_file:.*/, () => `client_secret: ${BY_VARIABLE}`)
  .split('\n')
const schema = JSON.parse(
  readFileSync(new URL('../../config/entryphone.schema.json', import.meta.url), 'utf8'),
) as object
const options = [...new Set([...JSON.stringify(schema).matchAll(/"([a-z_]{3,30})":\{/g)].map(([, name = '']) => name))]

const scalar = fc.oneof(
  fc.constantFrom(
    'true',
    'null',
    '',
    '[]',
    '{}',
    '-1',
    '1e999',
    '0x10',
    '*',
    '*a',
    '&a b',
    '!!binary x',
    '|',
    '>',
    '"',
    "'",
    '\t',
    '~',
  ),
  fc.constantFrom(
    'https://door.home.example',
    'http://10.0.0.1:8080',
    'http://[::1]:99999',
    ':80',
    '0.0.0.0/0',
    'jellyfin.home.example',
  ),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: how a config names a variable
  fc.constantFrom(BY_VARIABLE, '${MISSING}', '${', '$${X}'),
  text(20),
)

type Edit = {
  at: number
  how: 'drop' | 'repeat' | 'value' | 'option' | 'indent' | 'raw'
  option: string
  value: string
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(example.length - 1),
  how: fc.constantFrom('drop', 'repeat', 'value', 'option', 'indent', 'raw'),
  option: fc.constantFrom(...options),
  value: scalar,
})

function apply(lines: string[], { at, how, option, value }: Edit): string[] {
  const line = lines[at] ?? ''
  const indent = /^ */.exec(line)?.[0] ?? ''
  const instead = {
    drop: [],
    repeat: [line, line],
    value: [line.replace(/: .*$/, () => `: ${value}`)],
    option: [line, `${indent}${option}: ${value}`],
    indent: [` ${line}`],
    raw: [line, value],
  }[how]
  return lines.toSpliced(at, 1, ...instead)
}

/** Whatever stands in the file, it is a config or a list of problems with their places, and no secret is in them. */
export const config: FuzzTarget = {
  name: 'config',
  async open() {
    const dir = mkdtempSync(join(tmpdir(), 'entryphone-fuzz-'))
    const file = join(dir, 'entryphone.yaml')
    return {
      property: fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        writeFileSync(file, edits.reduce(apply, example).join('\n'))
        const loaded = loadConfig(file, { OIDC_SECRET: SECRET })
        const told = 'problems' in loaded ? loaded.problems : []
        must(!('problems' in loaded) || told.length > 0, 'no config and no problem')
        for (const problem of [...told, ...loaded.warnings]) {
          must(problem.message !== '' && (problem.line ?? 1) >= 1, 'a problem without words or place')
          must(!JSON.stringify(problem).includes(SECRET), 'a secret is printed')
        }
        // Whoever writes the secret's variable into another option wants it there.
        const elsewhere = edits.some(({ value }) => value === BY_VARIABLE)
        if ('config' in loaded && !elsewhere)
          must(!JSON.stringify(loaded.config).includes(SECRET), 'a secret is printed')
      }),
      close: async () => rmSync(dir, { recursive: true }),
    }
  },
}
