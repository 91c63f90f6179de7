import { settingsSchema } from './schema.ts'

/** The parts of JSON Schema that our schema uses. */
export type SchemaNode = {
  type?: string
  description?: string
  default?: unknown
  examples?: unknown[]
  enum?: string[]
  const?: unknown
  required?: string[]
  properties?: Record<string, SchemaNode>
  patternProperties?: Record<string, SchemaNode>
  items?: SchemaNode
  anyOf?: SchemaNode[]
  maxLength?: number
}

/** The whole schema as plain JSON Schema. */
export const rootSchema: SchemaNode = settingsSchema as unknown as SchemaNode

/** The node at a schema pointer such as `#/properties/listen`; an empty one if there is none. */
export function schemaAt(pointer: string): SchemaNode {
  let node: unknown = rootSchema
  for (const step of pointer.split('/').slice(1)) node = (node as Record<string, unknown> | undefined)?.[step]
  return (node as SchemaNode | undefined) ?? {}
}

/** What fits there, in words. */
export function expected(schema: SchemaNode): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(expected).join(' or ')
  if (schema.const !== undefined) return `"${schema.const}"`
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (schema.patternProperties !== undefined) return 'a map of names'
  if (schema.type === 'object') return 'a map of options'
  if (schema.type === 'array') return 'a list of texts'
  if (schema.type === 'boolean') return 'true or false'
  return 'text'
}

/** What a YAML value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'boolean' ? `${value}` : `a ${typeof value}`
}

/** Where options of this name live: "at the top level", "under apps.<name>". */
export function optionHomes(name: string): string[] {
  const homes: string[] = []
  const walk = (node: SchemaNode, place: string) => {
    if (node.properties !== undefined && Object.hasOwn(node.properties, name)) {
      homes.push(place === '' ? 'at the top level' : `under ${place}`)
    }
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (key !== 'providers') walk(child, place === '' ? key : `${place}.${key}`)
    }
    for (const child of Object.values(node.patternProperties ?? {})) walk(child, `${place}.<name>`)
  }
  walk(rootSchema, '')
  return homes
}
