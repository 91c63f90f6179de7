import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type PartName, parts, partsFolder } from '../../test/support/parts.ts'

/** Where a part comes from. */
export type Source = {
  part: PartName
  /** Why it cannot be had here, with the remedy. */
  obstacle(): string | undefined
  /** Fills a folder of the part's own. It is moved when it is full: no path of it may be written down in it. */
  fill(folder: string): void
}

/** Puts a part into `.parts/`, whole or not at all, unless it is there. False when this machine cannot have it. */
export function bring({ part, obstacle, fill }: Source): boolean {
  if (parts[part].find() !== undefined) {
    console.log(`${part} … is there`)
    return true
  }
  const reason = obstacle()
  if (reason !== undefined) {
    console.error(`${part} … skipped: ${reason}`)
    return false
  }
  const began = performance.now()
  const draft = join(partsFolder, `draft-${process.pid}`)
  const place = join(partsFolder, part)
  mkdirSync(draft, { recursive: true })
  try {
    fill(draft)
    rmSync(place, { recursive: true, force: true })
    renameSync(draft, place)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  console.log(`${part} … fetched (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  return true
}

/** Runs a program to its end; throws when it fails. What it complains about is shown. */
export function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env })
}
