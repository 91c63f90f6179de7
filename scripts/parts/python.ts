import { execFileSync } from 'node:child_process'

/** A Python, and the environment in which it is what it says. */
export type Python = { file: string; env: NodeJS.ProcessEnv }

/** Any Python that has pip. */
export function findPip(): string | undefined {
  const candidates = ['/usr/bin/python3', 'python3', 'python']
  return candidates.find((file) => says({ file, env: process.env }, ['-m', 'pip', '--version']) !== undefined)
}

/**
 * A Python 3.13: `ENTRYPHONE_PYTHON`, `python3.13`, or pyenv's. Each has to say its version, because the shims that
 * pyenv puts on PATH are there for every version that anybody has installed, and most of them fail.
 */
export function findPython313(): Python | undefined {
  const { env } = process
  const named = env['ENTRYPHONE_PYTHON']
  const candidates: Python[] = [
    ...(named ? [{ file: named, env }] : []),
    { file: 'python3.13', env },
    { file: 'python3.13', env: { ...env, PYENV_VERSION: '3.13.0' } },
  ]
  return candidates.find((python) => says(python, ['--version'])?.startsWith('Python 3.13.'))
}

/** What it prints; nothing when it fails. */
function says({ file, env }: Python, args: readonly string[]): string | undefined {
  try {
    return execFileSync(file, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return undefined
  }
}
