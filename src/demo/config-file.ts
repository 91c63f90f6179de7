import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import type { Places } from './places.ts'

/** The demo's config: an ordinary file that a newcomer can look at while the demo runs. */
function demoConfigText(places: Places): string {
  return `# Written by the demo, and removed when it ends.
public_url: ${places.door.origin}
insecure_http: true
listen: [${places.gateway.listen.map((address) => `'${address}'`).join(', ')}]
data_dir: ./data
provider:
  issuer: ${places.provider.origin}
  client_id: entryphone
  client_secret_file: ./client-secret
apps:
  cinema:
    title: Demo cinema
    host: ${places.app.authority}
    upstream: http://${places.cinema.host}:${places.cinema.port}
log: { level: error }
`
}

/** Writes config and secret into `directory`, made afresh, and reads them as the gateway would. */
export function makeDemoConfig(directory: string, places: Places, clientSecret: string): Config {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'entryphone.yaml')
  writeFileSync(file, demoConfigText(places))
  writeFileSync(join(directory, 'client-secret'), clientSecret, { mode: 0o600 })
  const loaded = loadConfig(file, {})
  if ('config' in loaded) return loaded.config
  throw new Error(`the demo wrote a config that does not fit: ${JSON.stringify(loaded.problems)}`)
}
