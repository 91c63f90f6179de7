import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { runServe } from '../../src/cli/serve.ts'
import { goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'
import { makeTempDir } from '../support/temp-dir.ts'

type Command = typeof runServe

async function run(command: Command, args: string[], cwd = '/') {
  const texts = { out: '', err: '' }
  const code = await command(args, {
    env: goodEnv,
    cwd,
    out(text) {
      texts.out += text
    },
    err(text) {
      texts.err += text
    },
  })
  return { code, ...texts }
}

test('a file with problems is refused in the words of check, and the last line is ended', async () => {
  const file = await writeConfig(`${goodConfig}wat: 1\nhsot: 2\n`)
  const served = await run(runServe, ['--config', file], dirname(file))
  expect(served).toEqual(await run(runCheck, ['--config', file], dirname(file)))
  expect(served.code).toBe(1)
  expect(served.err).toMatch(/^entryphone\.yaml:10:1: wat is not an option\./)
  expect(served.err).toMatch(/\n\n2 problems: Entryphone does not start with this file\.\n$/)
})

test('no file at all: says where one is looked for, and what to begin with', async () => {
  const { code, err } = await run(runServe, [], await makeTempDir())
  expect(code).toBe(1)
  expect(err).toMatch(
    /^entryphone\.yaml: The file does not exist\.\n.*config\/entryphone\.example\.yaml.*--config FILE/,
  )
})

test('help goes to standard output, a wrong option is named with the help after it', async () => {
  const help = await run(runServe, ['--help'])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('serve --config FILE')
  const wrong = await run(runServe, ['--confg', 'x'])
  expect(wrong).toMatchObject({ code: 1, out: '' })
  expect(wrong.err).toContain(`'--confg'`)
  expect(wrong.err).toContain(help.out)
})
