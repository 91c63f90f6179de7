import { readFileSync, statSync } from 'node:fs'
import type { Problem } from './problem.ts'

const MAX_BYTES = 262_144

/** The text of the config file, or why it cannot be one. Looks at kind and size before it reads. */
export function readSource(file: string): { text: string } | { problem: Problem } {
  let bytes: Buffer
  try {
    const stat = statSync(file)
    if (stat.isDirectory()) return refuse('is a directory.', 'Name the file in it.')
    if (!stat.isFile()) return refuse('is not a regular file.')
    if (stat.size > MAX_BYTES) {
      return refuse(`is too big: ${stat.size} bytes, at most ${MAX_BYTES} are read.`, 'Is it the right file?')
    }
    bytes = readFileSync(file)
  } catch (error) {
    const why = fileTrouble(error)
    return refuse(
      why.message,
      why.missing
        ? 'Create it from config/entryphone.example.yaml, or name another one with --config FILE.'
        : undefined,
    )
  }
  return decode(bytes)
}

/** What a failed look at a file means, as the rest of a sentence, without the path in it. */
export function fileTrouble(error: unknown): { message: string; missing: boolean } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown trouble'
  if (code === 'ENOENT' || code === 'ENOTDIR') return { message: 'does not exist.', missing: true }
  if (code === 'EACCES' || code === 'EPERM') return { message: 'cannot be read: permission denied.', missing: false }
  return { message: `cannot be read (${code}).`, missing: false }
}

function decode(bytes: Buffer): { text: string } | { problem: Problem } {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  if (utf16) return refuse('is UTF-16 text.', 'Save it as UTF-8.')
  const nul = bytes.indexOf(0)
  if (nul >= 0) return refuse('is not text: it holds binary data.', 'Is it the right file?', lineOf(bytes, nul))
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return refuse('is not valid UTF-8.', 'Save it as UTF-8.', lineOf(bytes, firstBadByte(bytes)))
  }
}

function refuse(message: string, hint?: string, line?: number): { problem: Problem } {
  return { problem: { path: '', message, ...(line !== undefined && { line }), ...(hint !== undefined && { hint }) } }
}

function lineOf(bytes: Buffer, offset: number): number {
  return bytes.subarray(0, offset).toString('latin1').split('\n').length
}

function firstBadByte(bytes: Buffer): number {
  const decoded = bytes.toString('utf8')
  return Buffer.byteLength(decoded.slice(0, Math.max(0, decoded.indexOf('\ufffd'))))
}
