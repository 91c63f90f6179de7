import { renameSync, statSync } from 'node:fs'
import type { Clock } from '../lib/clock.ts'
import { DAMAGED } from '../lib/data-files.ts'
import { OperatorError } from '../lib/operator-error.ts'

/** Result codes of SQLite for a file that it cannot make sense of. */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** A file that is no database, or is one no longer. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/** SQLite's primary result code, 0 for an error of somebody else. */
export function resultCode(error: unknown): number {
  return ((error as { errcode?: number } | null)?.errcode ?? 0) & 0xff
}

/** Whether an error says that the file itself is damaged; a disk that fails or is full says nothing about that. */
export function tellsDamage(error: unknown): boolean {
  return error instanceof DamagedFile || [SQLITE_CORRUPT, SQLITE_NOTADB].includes(resultCode(error))
}

/**
 * Gives a damaged database another name, and what SQLite has left of its side files with it, so that it can still be
 * looked at or repaired. `inode` is the file that was judged; when another process has put a new one there meanwhile,
 * that one stays. Returns the new name, undefined when there was nothing to do. Throws an `OperatorError` when the
 * directory does not let it.
 */
export function setAside(file: string, inode: number, clock: Clock): string | undefined {
  if (statSync(file, { throwIfNoEntry: false })?.ino !== inode) return undefined
  const name = `${file}${DAMAGED}${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
  try {
    // The side files first: a new database must never meet the old one's.
    for (const side of ['-wal', '-shm', '']) {
      if (statSync(file + side, { throwIfNoEntry: false }) !== undefined) renameSync(file + side, name + side)
    }
  } catch (error) {
    throw new OperatorError(
      `${file} is damaged, and cannot be set aside: ${(error as Error).message}. Move it and its -wal and -shm files ` +
        'away, or bring them back from a backup, and start again.',
      { cause: error },
    )
  }
  return name
}
