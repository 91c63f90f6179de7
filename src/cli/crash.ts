import type { Log } from '../lib/log.ts'

/**
 * Ends the process, with exit code 1, at an error that nobody caught: what it left half done is unknown, so nothing is
 * answered from it any more. Sessions are in the store, and whoever supervises the process starts it again.
 */
export function endAtCrash(log: Log, err: (text: string) => void): void {
  process.on('uncaughtException', (error: unknown) => {
    const where = framesOf(error)
    log.warn('crashed', { error: where, remedy: 'start again; please report this line' })
    err(`Entryphone ended at an error of its own. Please report this:\n${where}\n`)
    process.exit(1)
  })
}

/** Where it happened. Messages may quote what was sent. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))
  return [`${error.name} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim(), ...frames].join('\n')
}
