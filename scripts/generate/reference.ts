import { expected, rootSchema, type SchemaNode } from '../../src/config/schema-walk.ts'
import { exampleConfig } from './example-config.ts'

const introduction = `<!-- Made by scripts/generate.ts from src/config/schema.ts; edit that. -->

# Configuration

Entryphone reads one YAML file: \`entryphone.yaml\` in the directory where it is started, or the file that
\`ENTRYPHONE_CONFIG\` or \`--config\` names.

- \`entryphone check\` names everything that is wrong with it, with line, column and remedy, and shows the config that results.
- \`entryphone check --online\` also asks the provider whether it knows the client, and each app whether it is there, takes the
  key and trusts Entryphone as its proxy.
- An option that Entryphone does not know is an error. So is one without a value.
- \`\${NAME}\` in a value stands for the environment variable \`NAME\`, which must be set; \`$\${\` stands for a literal \`\${\`.
- Secrets come from files or from variables. They are never printed.
- Relative paths start at the directory of the config file.
- Editors with a YAML language server complete and check the file with \`config/entryphone.schema.json\`, as in the example.

## Example

This is \`config/entryphone.example.yaml\`.

\`\`\`yaml
${exampleConfig()}\`\`\`
`

/** The reference page, in Markdown. */
export function reference(): string {
  return `${introduction}\n${sections(rootSchema, '').join('\n')}`
}

function sections(section: SchemaNode, place: string): string[] {
  const options = Object.entries(section.properties ?? {})
  const rows = options.map(([name, option]) => row(name, option, section.required?.includes(name) === true))
  const head = place === '' ? '## Top level' : `## \`${place}\``
  const table = `| option | value | default | |\n|---|---|---|---|\n${rows.join('\n')}\n`
  const own = `${head}\n\n${section.description ?? ''}\n\n${table}`
  const inner = options.flatMap(([name, option]) => {
    const path = place === '' ? name : `${place}.${name}`
    const named = Object.values(option.patternProperties ?? {})[0]
    // "providers" holds what "provider" does.
    if (named !== undefined) {
      return name === 'providers' || named.properties === undefined ? [] : sections(named, `${path}.<name>`)
    }
    return option.properties === undefined ? [] : sections(option, path)
  })
  return [own, ...inner]
}

function row(name: string, option: SchemaNode, required: boolean): string {
  const fallback = required
    ? '**required**'
    : option.default === undefined || option.properties
      ? ''
      : code(option.default)
  const sample = option.examples?.[0]
  const text = `${option.description ?? ''}${sample === undefined ? '' : ` Example: ${code(sample)}.`}`
  return `| \`${name}\` | ${kind(name, option)} | ${fallback} | ${text.replaceAll('|', '\\|')} |`
}

function kind(name: string, option: SchemaNode): string {
  if (option.enum !== undefined) return option.enum.map((value) => code(value)).join(', ')
  if (name === 'providers') return 'map of names to what is in `provider`'
  if (name === 'users') return 'map of people to users of the app'
  return expected(option)
}

function code(value: unknown): string {
  if (Array.isArray(value)) return `\`[${value.join(', ')}]\``
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${key}: ${inner}`)
    return entries.length === 0 ? '`{}`' : `\`{ ${entries.join(', ')} }\``
  }
  return `\`${value}\``
}
