import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../src/config/load.ts'
import { formatProblems } from '../../src/config/problem.ts'
import { makeTempDir } from './temp-dir.ts'

/** A config without a fault; the secret is in the variable that `goodEnv` sets. */
export const goodConfig = `public_url: https://door.home.example
provider:
  issuer: https://id.home.example
  client_id: entryphone
  client_secret: \${OIDC_SECRET}
apps:
  jellyfin:
    host: jellyfin.home.example
    upstream: http://jellyfin:8096
`

export const goodEnv = { OIDC_SECRET: 'a-secret-from-the-environment' }

/** Writes a config file, and others beside it (mode 0600), into a directory of its own. Returns the path of the first. */
export async function writeConfig(text: string | Buffer, beside: Record<string, string> = {}): Promise<string> {
  const directory = await makeTempDir()
  for (const [name, content] of Object.entries({ ...beside, 'entryphone.yaml': text })) {
    const file = join(directory, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content, { mode: 0o600 })
  }
  return join(directory, 'entryphone.yaml')
}

/** What people read about a config text: `line:column: path message` and hints; problems, or else warnings. */
export async function complaints(
  text: string | Buffer,
  env: NodeJS.ProcessEnv = goodEnv,
  beside: Record<string, string> = {},
): Promise<{ problems: string[]; warnings: string[] }> {
  const loaded = loadConfig(await writeConfig(text, beside), env)
  const told = (list: Parameters<typeof formatProblems>[1]) =>
    list.map((one) => formatProblems('', [one]).replace(/^:/, ''))
  return { problems: 'problems' in loaded ? told(loaded.problems) : [], warnings: told(loaded.warnings) }
}
