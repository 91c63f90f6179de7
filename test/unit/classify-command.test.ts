import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { runClassify } from '../../src/cli/classify.ts'

const LG = 'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 WebAppManager'

async function run(args: string[], input: (Buffer | string)[] = [], isTTY = false) {
  let out = ''
  let err = ''
  const code = await runClassify(args, {
    stdin: Readable.from(input),
    isTTY,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}

test('one user agent is explained in words', async () => {
  const { code, out, err } = await run([LG])
  expect(code).toBe(0)
  expect(err).toBe('')
  expect(out).toContain('LG television')
  expect(out).toContain('the QR page comes first')
  expect(out).toContain('because LG televisions say Web0S, NetCast or LG Browser')
})

test('--json prints one object a line, with exactly the promised keys', async () => {
  const { out } = await run(['--json', LG, 'curl/8.0'])
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    ua: LG,
    class: 'constrained',
    kind: 'tv',
    brand: 'LG',
    why: 'LG televisions say Web0S, NetCast or LG Browser',
  })
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ ua: 'curl/8.0', class: 'capable' })
})

test('standard input keeps its order, empty lines included', async () => {
  const { out } = await run(['--json'], [`${LG}\n\r\ncurl/8`, '.0\n', '\nlast'])
  const answers = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { ua: string; class: string })
  expect(answers.map((answer) => answer.ua)).toEqual([LG, '', 'curl/8.0', '', 'last'])
  expect(answers[1]?.class).toBe('capable')
})

test('letters that are cut between two pieces of input stay whole', async () => {
  const bytes = Buffer.from('Fernseher für alle\n')
  const { out } = await run(['--json'], [bytes.subarray(0, 12), bytes.subarray(12)])
  expect(JSON.parse(out)).toMatchObject({ ua: 'Fernseher für alle' })
})

test('ten thousand lines are answered one by one, in order', async () => {
  const input = Array.from({ length: 10_000 }, (_, index) => `agent/${index}\n`)
  const { out } = await run(['--json'], input)
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(10_000)
  expect(JSON.parse(lines[9_999] ?? '')).toMatchObject({ ua: 'agent/9999' })
})

test('empty input gives empty output and succeeds', async () => {
  expect(await run(['--json'])).toEqual({ code: 0, out: '', err: '' })
})

test('an unknown option is named, and nothing is printed', async () => {
  const { code, out, err } = await run(['--jsno', LG])
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toContain('--jsno')
  expect(err).toContain('--json')
})

test('what follows -- is a user agent even when it looks like an option', async () => {
  const { code, out } = await run(['--json', '--', '--jsno'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ ua: '--jsno' })
})

test('--help explains the command', async () => {
  const { code, out } = await run(['--help'])
  expect(code).toBe(0)
  expect(out).toContain('--json')
})

test('at a keyboard without arguments it shows its usage instead of waiting', async () => {
  const { code, out, err } = await run([], [], true)
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toContain('entryphone classify')
})

test('control characters of a user agent never reach the terminal', async () => {
  const { out } = await run(['\u001b]0;owned\u0007curl\u009b2J'])
  expect(out).toContain('?]0;owned?curl?2J')
  expect(out).not.toContain('\u001b')
})
