import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from './context.ts'
import type { Path } from './problem.ts'
import { createSecret, type Secret } from './secret.ts'
import { fileTrouble } from './source.ts'

const MAX_BYTES = 65_536

/** The place that a file is read for: where relative names begin, and who hears of what is wrong. */
type Reading = Pick<Context, 'directory' | 'report'>

/**
 * The text of a small file that the config names. Undefined where it names none, and, reported at `path`, when it cannot
 * be had.
 */
export function readNamedFile(
  name: string | undefined,
  path: Path,
  { directory, report }: Reading,
): string | undefined {
  if (name === undefined) return undefined
  const shown = report.quote(path, name)
  try {
    const stat = statSync(resolve(directory, name))
    if (!stat.isFile() || stat.size > MAX_BYTES) {
      const what = stat.isDirectory()
        ? 'which is a directory'
        : stat.isFile()
          ? 'which is too big'
          : 'which is not a file'
      report.problem(path, `names ${shown}, ${what}.`)
      return undefined
    }
    return readFileSync(resolve(directory, name), 'utf8')
  } catch (error) {
    const { message, missing } = fileTrouble(error)
    report.problem(
      path,
      `names ${shown}, which ${message}`,
      missing ? whereLooked(name, path, { directory, report }) : undefined,
    )
    return undefined
  }
}

/** A variable may hold the secret itself where the name of its file belongs. */
function whereLooked(name: string, path: Path, { directory, report }: Reading): string {
  if (report.original(path) !== undefined) return 'Its value must be the name of a file, not what is in it.'
  return `Looked for ${report.quote([], resolve(directory, name))}; relative paths start at the config file.`
}

/** The secret in a file, without the white space around it; undefined as `readNamedFile` is. */
export function readSecretFile(name: string | undefined, path: Path, reading: Reading): Secret | undefined {
  const { report } = reading
  const text = readNamedFile(name, path, reading)
  if (name === undefined || text === undefined) return undefined
  warnIfOpen(name, path, reading)
  const secret = text.trim()
  if (secret !== '' && !/[\0\r\n\ufffd]/.test(secret)) return createSecret(secret)
  const fault = secret === '' ? 'which is empty' : 'which holds more than one line of text'
  report.problem(path, `names ${report.quote(path, name)}, ${fault}.`, 'Put the secret into it, and nothing else.')
  return undefined
}

/** Warns where every user of the machine can read a file that holds a secret. */
export function warnIfOpen(name: string, path: Path, { directory, report }: Reading): void {
  const file = resolve(directory, name)
  // Docker and Kubernetes mount secrets there with mode 0444 or 0644; the container is the wall.
  if (process.platform === 'win32' || file.startsWith('/run/secrets/')) return
  if ((statSync(file).mode & 0o004) === 0) return
  report.warning(
    path,
    `names ${report.quote(path, name)}, which every user of this machine can read.`,
    `Run: chmod 600 ${name}`,
  )
}
