import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'
import { expectQuick } from '../support/quick.ts'

/** Runs `check` as the command line does. */
async function check(file: string, ...args: string[]) {
  const texts = { out: '', err: '' }
  const started = performance.now()
  const code = await runCheck(['--config', file, ...args], {
    env: goodEnv,
    cwd: dirname(file),
    out(text) {
      texts.out += text
    },
    err(text) {
      texts.err += text
    },
  })
  return { code, ...texts, ms: performance.now() - started }
}

const bomb = ['a0: &a0 [x]', ...Array.from({ length: 24 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join(
  '\n',
)

const badFiles: [name: string, text: string | Buffer, says: RegExp][] = [
  [
    'an empty file',
    '',
    /^entryphone\.yaml: The file holds no options\.\n {4}Start from config\/entryphone\.example\.yaml\./,
  ],
  ['comments alone', '# nothing\n', /The file holds no options/],
  ['wrong YAML', 'apps: [1\nname: "x\n', /^entryphone\.yaml:2:1: The file has a list or map that is not closed/],
  ['a line of words', 'words\nname: x\n', /^entryphone\.yaml:1:1: The file has a line without "option: value"\./],
  ['no space after a colon', 'public_url:x', /^entryphone\.yaml:1:1: The file must be a map of options, not text\./],
  ['tabs', 'log:\n\tlevel: info\n', /^entryphone\.yaml:2:1: The file is indented with a tab\.\n.*spaces/],
  ['a doubled option', `${goodConfig}apps: {}\n`, /^entryphone\.yaml:10:1: apps is given twice: first on line 6\./],
  [
    'an app named twice',
    `${goodConfig}  jellyfin: {}\n`,
    /^entryphone\.yaml:10:3: apps\.jellyfin is given twice: first on line 7\./,
  ],
  ['two documents', `${goodConfig}---\na: 1\n`, /several YAML documents/],
  ['a list', '- a\n', /^entryphone\.yaml:1:1: The file must be a map of options, not a list\./],
  ['an alias bomb', bomb, /aliases \(\*name\) that would expand to a huge document/],
  ['a wide alias bomb', `a: &a [x]\nb: [${'*a, '.repeat(50_000)}]`, /uses more than 50 YAML aliases/],
  ['an alias in itself', 'a: &a { b: *a }\n', /^entryphone\.yaml:1:12: The file uses a YAML alias \(\*name\) inside/],
  [
    'an alias to nowhere',
    'name: *home\n',
    /^entryphone\.yaml:1:7: The file uses a YAML alias \(\*name\) without an anchor/,
  ],
  ['a tag', 'name: !!binary aGVs\n', /^entryphone\.yaml:1:7: The file has a value that starts with "!"/],
  ['deep nesting', '['.repeat(200_000), /^entryphone\.yaml:1:\d+: The file is nested too deeply\./],
  ['deep closed nesting', `a: ${'{a: '.repeat(40_000)}1${'}'.repeat(40_000)}`, /The file is nested too deeply\./],
  [
    'a binary file',
    Buffer.from([1, 2, 10, 0, 255]),
    /^entryphone\.yaml:2: The file is not text: it holds binary data\./,
  ],
  [
    'another encoding',
    Buffer.from('a: 1\nname: Caf\xe9\n', 'latin1'),
    /^entryphone\.yaml:2: The file is not valid UTF-8\./,
  ],
  ['UTF-16', Buffer.from(`\ufeff${goodConfig}`, 'utf16le'), /The file is UTF-16 text\.\n {4}Save it as UTF-8\./],
  ['10 MB', Buffer.alloc(10_000_000, '# \n'), /The file is too big: 10000000 bytes/],
  ['thousands of options', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join(''), /k0 is not an option\./],
]

test.each(badFiles)('%s is refused in words, quickly', async (name, text, says) => {
  const { code, out, err, ms } = await check(await writeConfig(text))
  expect(code).toBe(1)
  expect(err).toMatch(says)
  expect(err).not.toMatch(/\n\s+at |node_modules|Error:/)
  expect(out).toBe('')
  expectQuick(name, ms)
})

test('a missing file, a directory and a device are refused in words', async () => {
  const file = await writeConfig(goodConfig)
  expect((await check(`${file}.not`)).err).toMatch(/^entryphone\.yaml\.not: The file does not exist\.\n {4}Create it/)
  expect((await check(dirname(file))).err).toMatch(/: The file is a directory\./)
  expect((await check('/dev/zero')).err).toMatch(/^zero: The file is not a regular file\./)
})

test('a byte order mark and Windows line ends do no harm', async () => {
  expect((await check(await writeConfig(`\ufeff${goodConfig.replaceAll('\n', '\r\n')}`))).code).toBe(0)
})

test('a file cannot write control characters to the terminal', async () => {
  const { err } = await check(await writeConfig(`"\\e[31mred\\e]0;title\\a": 1\n`))
  expect(err).toContain('red')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('check shows the effective config, what it comes to, and which way a login takes', async () => {
  const { code, out, err } = await check(await writeConfig(goodConfig))
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(out).toContain('    client_secret: "[secret]"\n')
  expect(out.trimEnd().split('\n').slice(-2)).toEqual([
    '1 app behind https://door.home.example (https spoken by a proxy in front); people sign in at https://id.home.example.',
    'Screens are let in by gateway (auto): no profile says that the provider asks for every screen.',
  ])
})

test('check tells programs the same as JSON', async () => {
  const good = JSON.parse((await check(await writeConfig(goodConfig), '--json')).out)
  expect(good).toMatchObject({
    ok: true,
    problems: [],
    warnings: [],
    way: expect.stringMatching(/^gateway/),
    config: { name: 'Home' },
  })
  const bad = await check(await writeConfig(`${goodConfig}nmae: x\n`), '--json')
  expect(bad.code).toBe(1)
  expect(JSON.parse(bad.out)).toMatchObject({
    ok: false,
    problems: [{ path: 'nmae', line: 10, column: 1, message: 'is not an option.', hint: 'Did you mean name?' }],
  })
})

test('check refuses arguments that it does not know', async () => {
  const file = await writeConfig(goodConfig)
  expect(await check(file, '--onlin')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--onlin') })
  expect(await check(file, '--help')).toMatchObject({ code: 0, out: expect.stringContaining('--json') })
})
