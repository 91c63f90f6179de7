import { readFile } from 'node:fs/promises'

/** Prints the version of this program and of the Node that runs it. */
export async function runVersion(io: { out(text: string): void }): Promise<number> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  io.out(`entryphone ${version} on Node ${process.versions.node}\n`)
  return 0
}
