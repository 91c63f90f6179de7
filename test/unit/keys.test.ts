import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { OperatorError } from '../../src/lib/operator-error.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { loadMasterKeys } from '../../src/store/keys.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const one = Buffer.alloc(32, 1).toString('base64')
const two = Buffer.alloc(32, 2).toString('base64')

let dir: string
let path: string

beforeEach(async () => {
  dir = await makeTempDir()
  path = join(dir, 'key')
})

function load(text: string) {
  writeFileSync(path, text, { mode: 0o600 })
  return loadMasterKeys(path, { create: false })
}

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof OperatorError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a key file that is made', () => {
  test('holds one random key, for its owner only, and is read the next time', () => {
    const made = loadMasterKeys(path, { create: true })
    expect([...made.keys()]).toEqual([1])
    expect(made.get(1)).toHaveLength(32)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const before = readFileSync(path)
    expect(loadMasterKeys(path, { create: true })).toEqual(made)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dir)).toEqual(['key'])
    expect(loadMasterKeys(join(dir, 'other'), { create: true })).not.toEqual(made)
  })

  test('gets a directory for its owner only when there is none', () => {
    const deep = join(dir, 'data', 'key')
    loadMasterKeys(deep, { create: true })
    expect(statSync(join(dir, 'data')).mode & 0o777).toBe(0o700)
  })

  test('is not made unless that is wanted', () => {
    expect(refusal(() => loadMasterKeys(path, { create: false }))).toContain(`${path} is not there`)
    expect(readdirSync(dir)).toEqual([])
  })

  test('never replaces a file that is there, whatever it holds', () => {
    for (const text of ['', 'rubbish']) {
      writeFileSync(path, text, { mode: 0o600 })
      refusal(() => loadMasterKeys(path, { create: true }))
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })

  test('that cannot be made is named', () => {
    writeFileSync(join(dir, 'plain'), '')
    expect(refusal(() => loadMasterKeys(join(dir, 'plain', 'key'), { create: true }))).toContain('plain/key')
  })
})

test('several keys, comments, blank lines and other line ends are read', () => {
  const keys = load(`# old\r\n1:${one}\r\n\n  2:${two}  # new since May\n`)
  expect([...keys]).toEqual([
    [1, Buffer.alloc(32, 1)],
    [2, Buffer.alloc(32, 2)],
  ])
  expect(createKeyring(keys).version).toBe(2)
})

test('a key file that others can read is refused', () => {
  for (const mode of [0o640, 0o604, 0o644, 0o620, 0o602, 0o660, 0o777]) {
    writeFileSync(path, `1:${one}\n`)
    chmodSync(path, mode)
    expect(refusal(() => loadMasterKeys(path, { create: true }))).toContain(`chmod 600 ${path}`)
  }
  chmodSync(path, 0o400)
  expect(loadMasterKeys(path, { create: true }).size).toBe(1)
})

test.each([
  ['no version', `1:${one}\n${two}`, 'line 2'],
  ['version 0', `0:${one}`, 'line 1'],
  ['a version with a leading zero', `01:${one}`, 'line 1'],
  ['a negative version', `-1:${one}`, 'line 1'],
  ['a version too long', `1000000:${one}`, 'line 1'],
  ['a version in words', `new:${one}`, 'line 1'],
  ['two keys on a line', `1:${one} 2:${two}`, 'line 1'],
  ['another alphabet', `1:${'-_'.repeat(21)}A=`, 'line 1'],
  ['hexadecimal', `1:${randomBytes(32).toString('hex')}`, 'not 32'],
  ['a short key', `1:${Buffer.alloc(16).toString('base64')}`, '16 bytes, not 32'],
  ['a long key', `1:${Buffer.alloc(33).toString('base64')}`, '33 bytes, not 32'],
  ['a version twice', `1:${one}\n1:${two}`, 'version 1 is there twice'],
  ['nothing', '', 'holds no key'],
  ['comments only', '# soon\n\n', 'holds no key'],
  ['bytes that are no text', '\0\u{fffd}\u{1}', 'line 1'],
  ['far too much', '#'.repeat(70_000), 'is not a key file'],
])('a key file with %s is refused', (_, text, reason) => {
  const message = refusal(() => load(text))
  expect(message).toContain(path)
  expect(message).toContain(reason)
  for (const key of [one, two]) expect(message).not.toContain(key)
})

test('a directory in place of a key file is refused', () => {
  mkdirSync(path, { mode: 0o700 })
  expect(refusal(() => loadMasterKeys(path, { create: true }))).toContain(`${path} is not a key file`)
})
