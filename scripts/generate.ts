import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rootSchema } from '../src/config/schema-walk.ts'
import { exampleConfig } from './generate/example-config.ts'
import { providersPage } from './generate/providers.ts'
import { reference } from './generate/reference.ts'

/** Every file that is made from the config's schema and the table of providers, by path. */
const files: Record<string, string> = {
  'config/entryphone.schema.json': editorSchema(),
  'config/entryphone.example.yaml': exampleConfig(),
  'docs/configuration.md': reference(),
  'docs/providers.md': providersPage(),
}

function editorSchema(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Entryphone', ...rootSchema }
  return `${JSON.stringify(schema, null, 2)}\n`
}

const root = new URL('../', import.meta.url)
const checkOnly = process.argv.includes('--check')
for (const [path, text] of Object.entries(files)) {
  const file = fileURLToPath(new URL(path, root))
  if (currentText(file) === text) continue
  if (checkOnly) {
    console.error(`${path} is stale. Run: node scripts/generate.ts`)
    process.exitCode = 1
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    console.log(`${path} written`)
  }
}

function currentText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
