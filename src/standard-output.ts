import { fstatSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Clock } from './lib/clock.ts'
import { afterThisTurn } from './lib/clock.ts'

/** Standard output for a process that must go on, whatever becomes of its reader. */
export type StandardOutput = { write(line: string): void }

const STDOUT = 1

/** Lines that wait for a reader; what comes beyond is counted and dropped. */
const MAX_HELD_CHARS = 4 * 1024 * 1024
const AGAIN_MS = 50

/** The end of the process waits so often, and each time so long, for a slow reader to take some of the last lines. */
const LAST_WAITS = 50
const LAST_WAIT_MS = 10

/**
 * Written to once for all lines of a turn of the event loop: a system call for each costs as much as sending a request
 * on. Whatever ends the process, short of killing it, lets the last lines out first.
 *
 * A reader that has gone away or that takes nothing (a collector that hangs, a full disk) must neither end the process
 * nor stop it: lines are held, then dropped, and `onLost` hears how many once the rest could be written.
 */
export function createStandardOutput(clock: Clock, onLost: (lines: number) => void): StandardOutput {
  neverBlock()
  const held: Buffer[] = []
  let text = ''
  let heldChars = 0
  let lost = 0
  let waiting = false

  /** Writes what is held; false when the reader does not take it now. */
  function flush(): boolean {
    if (text !== '') held.push(Buffer.from(text))
    text = ''
    for (let chunk = held.shift(); chunk !== undefined; chunk = held.shift()) {
      const written = tryWrite(chunk)
      if (written === chunk.length) continue
      held.unshift(chunk.subarray(written))
      break
    }
    heldChars = held.reduce((sum, chunk) => sum + chunk.length, 0)
    return heldChars === 0
  }

  function flushLater(): void {
    waiting = false
    if (!flush()) {
      waiting = true
      clock.after(AGAIN_MS, flushLater)
      return
    }
    if (lost === 0) return
    const lines = lost
    lost = 0
    onLost(lines)
  }

  process.on('exit', () => {
    const nothing = new Int32Array(new SharedArrayBuffer(4))
    for (let patience = LAST_WAITS; patience > 0; patience--) {
      const before = heldChars
      if (flush()) return
      if (heldChars < before) patience = LAST_WAITS
      Atomics.wait(nothing, 0, 0, LAST_WAIT_MS)
    }
  })

  return {
    write(line) {
      if (heldChars + line.length > MAX_HELD_CHARS) {
        lost += 1
        return
      }
      text += line
      heldChars += line.length
      if (waiting) return
      waiting = true
      afterThisTurn(flushLater)
    },
  }
}

/** Bytes that were taken. What can never be written counts as taken: there is nobody to tell. */
function tryWrite(chunk: Buffer): number {
  try {
    return writeSync(STDOUT, chunk)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A full disk may have room again; a closed pipe stays closed.
    return code === 'EAGAIN' || code === 'ENOSPC' || code === 'EDQUOT' ? 0 : chunk.length
  }
}

/** A pipe or socket whose reader sleeps would hold every write, and with it every request. */
function neverBlock(): void {
  const kind = fstatSync(STDOUT)
  if (!kind.isFIFO() && !kind.isSocket()) return
  // Standard error may be the same pipe, which Node makes blocking when it first looks at it: that is over then.
  void process.stderr
  // Opening it is what makes it so; nothing is ever written through this.
  new Socket({ fd: STDOUT, readable: false }).on('error', () => undefined).unref()
}
