import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { OperatorError } from '../lib/operator-error.ts'
import { randomId } from '../lib/random.ts'
import type { MasterKeys } from './keyring.ts'

const KEY_BYTES = 32
const MAX_FILE_BYTES = 65_536

/**
 * The master keys in the file at `path`: one `version:key` a line (version 1 to 999999, key 32 bytes in base64), `#`
 * begins a comment. With `create`, a file that is not there is made with one new key and mode 0600.
 * Throws an `OperatorError` that names the file, the line and the remedy, and never shows a key.
 */
export function loadMasterKeys(path: string, options: { create: boolean }): MasterKeys {
  const text = readPrivate(path) ?? (options.create ? createFile(path) : undefined)
  if (text === undefined) {
    throw new OperatorError(`${path} is not there. Put a line "1:KEY" into it, with KEY from: openssl rand -base64 32`)
  }
  return parseKeys(text, path)
}

function parseKeys(text: string, path: string): MasterKeys {
  const keys = new Map<number, Buffer>()
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/#.*/, '').trim()
    if (line === '') continue
    const at = `${path}, line ${i + 1}`
    const [, version, base64] = /^([1-9]\d{0,5}):([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    if (version === undefined || base64 === undefined) {
      throw new OperatorError(`${at}: expected "version:key", such as "2:" and the output of: openssl rand -base64 32`)
    }
    const key = Buffer.from(base64, 'base64')
    if (key.length !== KEY_BYTES) {
      throw new OperatorError(
        `${at}: the key has ${key.length} bytes, not ${KEY_BYTES}. Make one: openssl rand -base64 32`,
      )
    }
    if (keys.has(Number(version))) {
      throw new OperatorError(`${at}: version ${version} is there twice. Give a new key the next number.`)
    }
    keys.set(Number(version), key)
  }
  if (keys.size === 0) {
    throw new OperatorError(
      `${path} holds no key. Bring it back from a backup. If there is none, delete the file: a new key is made at ` +
        'the next start, and everybody signs in again.',
    )
  }
  return keys
}

function readPrivate(path: string): string | undefined {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new OperatorError(`${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    const { mode, size } = fstatSync(fd)
    const file = (mode & 0o170000) === 0o100000
    if (!file || size > MAX_FILE_BYTES) throw new OperatorError(`${path} is not a key file.`)
    // SECURITY: others would hold the key as well. Test: a key file that others can read is refused
    if ((mode & 0o077) !== 0) throw new OperatorError(`${path} can be read by others. Run: chmod 600 ${path}`)
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/** Complete or not at all, and never over a file that another process has just made: its records need its key. */
function createFile(path: string): string | undefined {
  const key = randomBytes(KEY_BYTES).toString('base64')
  const text = `# Losing this file signs everybody out; whoever reads it can forge sessions.\n1:${key}\n`
  const draft = `${path}.${randomId(9)}`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeDurably(draft, text)
    linkSync(draft, path)
    syncDirectory(dirname(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new OperatorError(`${path} cannot be made: ${(error as Error).message}`)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return readPrivate(path)
}

function writeDurably(path: string, text: string): void {
  const fd = openSync(path, 'wx', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Without this a power cut could take the name of the key while the database, sealed with it, is kept. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
