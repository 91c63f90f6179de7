import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of a few MB of its own (a tmpfs), which can become full or read-only. */
export type SmallDisk = {
  dir: string
  /** Leaves no byte. */
  fill(): void
  makeRoom(): void
  /** Refused by the system while a file on it is open for writing. */
  setReadOnly(on: boolean): void
  unmount(): void
}

/** Mounts one; throws where this is not allowed: ask `needPart('small-disk')` first. */
export function mountSmallDisk(megabytes = 4): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-disk-'))
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' })
  try {
    mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', dir)
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    throw error
  }
  const ballast = join(dir, 'ballast')
  return {
    dir,
    fill() {
      for (let size = 65_536; size >= 1; ) {
        try {
          appendFileSync(ballast, Buffer.alloc(size))
        } catch {
          size = Math.floor(size / 2)
        }
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    setReadOnly: (on) => void mount('-o', `remount,${on ? 'ro' : 'rw'}`, dir),
    unmount() {
      // Lazily: a process that still ends may hold a file.
      execFileSync('umount', ['-l', dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

let allowed: boolean | undefined

/** Whether this process may mount a disk. */
export function mayMount(): boolean {
  try {
    if (allowed === undefined) mountSmallDisk(1).unmount()
    allowed ??= true
  } catch {
    allowed = false
  }
  return allowed
}
