import { rootSchema, type SchemaNode } from '../../src/config/schema-walk.ts'

/** The commented example: what two protected apps need, with the values that the schema gives as examples. */
export function exampleConfig(): string {
  const provider = rootSchema.properties?.['provider']
  const app = Object.values(rootSchema.properties?.['apps']?.patternProperties ?? {})[0]
  const allow = app?.properties?.['allow']
  const signIn = app?.properties?.['sign_in']
  const list = (value: unknown) => `[${(value as string[]).join(', ')}]`
  return aligned([
    ['# yaml-language-server: $schema=./entryphone.schema.json'],
    [`public_url: ${example(rootSchema, 'public_url')}`, 'where phones sign in; not the address of an app'],
    ['provider:'],
    [`  issuer: ${example(provider, 'issuer')}`, 'your OpenID provider'],
    [`  client_id: ${example(provider, 'client_id')}`],
    [
      `  client_secret_file: ${example(provider, 'client_secret_file')}`,
      `or client_secret: ${example(provider, 'client_secret')}`,
    ],
    ['apps:'],
    ['  jellyfin:'],
    [`    host: ${example(app, 'host')}`, 'where people open it'],
    [`    upstream: ${example(app, 'upstream')}`, 'where it listens itself'],
    ['    recipe: jellyfin', `and sign_in: { api_key_file: ${example(signIn, 'api_key_file')} }`],
    ['  home:'],
    [`    title: Home Assistant`, 'what pages call it'],
    [`    host: ${example(app, 'host', 1)}`],
    [`    upstream: ${example(app, 'upstream', 1)}`],
    ['    recipe: home-assistant'],
    [`    sign_in: { token_file: ${example(signIn, 'token_file')} }`, 'signed in inside too; or leave it out'],
    [`    allow: { emails: ${list(example(allow, 'emails'))} }`, 'without allow: everybody at the provider'],
  ])
}

function example(section: SchemaNode | undefined, option: string, index = 0): unknown {
  const found = section?.properties?.[option]?.examples?.[index]
  if (found === undefined) throw new Error(`the schema has no example ${index} for ${option}`)
  return found
}

function aligned(lines: readonly (readonly [string, string?])[]): string {
  const width = Math.max(...lines.map(([line, comment]) => (comment === undefined ? 0 : line.length)))
  const texts = lines.map(([line, comment]) => (comment === undefined ? line : `${line.padEnd(width)}  # ${comment}`))
  return `${texts.join('\n')}\n`
}
