import type { TLocalizedValidationError } from 'typebox/error'
import { type Path, pathText } from './problem.ts'
import { expected, kindOf, optionHomes, type SchemaNode, schemaAt } from './schema-walk.ts'
import { suggest } from './suggest.ts'

/** One place where the file does not fit the schema. */
export type Finding = { path: Path; atKey: boolean; missing: boolean; message: string; hint?: string | undefined }

type Quote = (path: Path, value: string) => string

/** Hints where the usual ones would not help; `*` stands for any name. */
const specialHints: Record<string, string> = {
  apps: 'Put an app below it, indented: its name, and below that its host and upstream.',
  'apps.*.allow': 'Write allow: {} for nobody, or remove it for everybody at this issuer.',
  'apps.*.sign_in.users': 'Write each as a person and their name in the app: { anna@home.example: Anna }.',
  trusted_proxies: 'List the addresses of your proxies, such as [127.0.0.1]. Hop counts and true are not supported.',
  store: 'Write it as redis://host:6379, or as a list of such addresses for a Cluster.',
  listen: 'Write it in quotes, such as ":8080".',
  http_redirect: 'Write it in quotes, such as ":80", or false.',
}

/** The checker's terse and partly doubled errors as one finding a mistake, in words. */
export function explain(errors: readonly TLocalizedValidationError[], value: unknown, quote: Quote): Finding[] {
  const findings = new Map<string, Finding>()
  const meant = new Set<string>()
  for (const error of errors) {
    // The branches of a union fail one by one; the union's own error says it all.
    if (error.schemaPath.includes('/anyOf/')) continue
    const { path, found } = follow(value, error.instancePath)
    const at = pathText(path)
    if (error.keyword === 'required') {
      for (const name of (error.params as { requiredProperties: string[] }).requiredProperties) {
        const option = [...path, name]
        findings.set(pathText(option), missing(option, schemaAt(`${error.schemaPath}/properties/${name}`)))
      }
    } else if (error.keyword === 'boolean') {
      const finding = unknownKey(path, schemaAt(error.schemaPath.slice(0, error.schemaPath.lastIndexOf('/'))))
      if (finding.meant !== undefined) meant.add(pathText([...path.slice(0, -1), finding.meant]))
      findings.set(at, finding)
    } else if (error.keyword !== 'additionalProperties' && !findings.has(at)) {
      findings.set(at, misfit(error, path, found, quote))
    }
  }
  // A misspelt option is not missing as well.
  return [...findings].filter(([at, finding]) => !(finding.missing && meant.has(at))).map(([, finding]) => finding)
}

function missing(path: Path, schema: SchemaNode): Finding {
  const hint = `Add it. ${specialHint(path) ?? valueHint(path, schema)}`
  return { path, atKey: true, missing: true, message: 'is missing.', hint }
}

function specialHint(path: Path): string | undefined {
  return specialHints[pathText(path).replace(/^apps\.[^.]+/, 'apps.*')]
}

/** How to give an option a value. */
function valueHint(path: Path, schema: SchemaNode): string {
  const example = schema.examples?.[0] ?? schema.default
  const name = String(path.at(-1))
  if (schema.type === 'object') return 'Put its options below it, indented by two spaces more.'
  if (example === undefined || typeof example === 'object') return `It is ${expected(schema)}.`
  return `Write it as, for example, ${name}: ${example}`
}

function unknownKey(path: Path, parent: SchemaNode): Finding & { meant?: string | undefined } {
  const name = String(path.at(-1))
  const base = { path, atKey: true, missing: false }
  if (parent.properties === undefined) {
    const message = 'has a name that cannot be used.'
    return {
      ...base,
      message,
      hint: 'Use lower-case letters, digits, - and _, up to 63, and begin with a letter or digit.',
    }
  }
  const known = Object.keys(parent.properties)
  const message = 'is not an option.'
  const homes = optionHomes(name)
  if (homes.length > 0) return { ...base, message, hint: `It belongs ${homes.join(', or ')}.` }
  const meant = suggest(name, known)
  if (meant !== undefined) return { ...base, message, hint: `Did you mean ${meant}?`, meant }
  return { ...base, message, hint: `Options here: ${known.join(', ')}.` }
}

function misfit(error: TLocalizedValidationError, path: Path, found: unknown, quote: Quote): Finding {
  const schema = schemaAt(error.schemaPath)
  const special = specialHint(path)
  const base = { path, atKey: false, missing: false }
  const fits = expected(schema)
  if (found === null && path.length === 0) {
    return { ...base, message: 'holds no options.', hint: 'Start from config/entryphone.example.yaml.' }
  }
  if (found === null) {
    return { ...base, atKey: true, message: 'has no value.', hint: special ?? valueHint(path, schema) }
  }
  switch (error.keyword) {
    case 'enum': {
      const known = schema.enum ?? []
      const near = typeof found === 'string' ? suggest(found, known) : undefined
      const said =
        typeof found === 'string' ? `cannot be ${quote(path, found)}.` : `must be text, not ${kindOf(found)}.`
      const list = known.length === 1 ? `Only ${known[0]} is there.` : `One of: ${known.join(', ')}.`
      return { ...base, message: said, hint: near === undefined ? list : `Did you mean ${near}? ${list}` }
    }
    case 'minLength':
      return { ...base, message: 'is empty.', hint: 'Give it a value, or remove the line.' }
    case 'maxLength':
      return { ...base, message: `is longer than ${schema.maxLength} characters.` }
    case 'minProperties':
    case 'minItems':
      return { ...base, message: 'is empty: at least one is needed.' }
    default:
      return {
        ...base,
        message: `must be ${fits}, not ${kindOf(found)}.`,
        hint: special ?? usualHint(path, fits, found),
      }
  }
}

function usualHint(path: Path, fits: string, found: unknown): string | undefined {
  if (path.length === 0) return 'Write each option as name: value, with a space after the colon.'
  if (fits.startsWith('a list') && typeof found === 'string') return 'Put it in square brackets.'
  if (fits.includes('text') && (typeof found === 'number' || typeof found === 'boolean')) return 'Put it in quotes.'
  if (fits === 'true or false' && typeof found === 'string') return 'Write true or false without quotes.'
  return undefined
}

/** Follows a JSON pointer (RFC 6901) into `value`. */
function follow(value: unknown, pointer: string): { path: Path; found: unknown } {
  const path: (string | number)[] = []
  let found = value
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(found) ? Number(step) : step)
    found = (found as Record<string, unknown>)[step]
  }
  return { path, found }
}
