import { type TProperties, type TSchema, type TSchemaOptions, Type } from 'typebox'

/** Text with at least one character. */
export function text(options: TSchemaOptions & { maxLength?: number; default?: string } = {}) {
  return Type.String({ minLength: 1, ...options })
}

/** A map with known keys; any other key is an error. */
export function section<Properties extends TProperties>(
  description: string,
  properties: Properties,
  options: TSchemaOptions & { default?: object } = {},
) {
  return Type.Object(properties, { description, additionalProperties: false, ...options })
}

/** A map from names of the operator's choice to `value`; never empty. */
export function map<Value extends TSchema>(description: string, value: Value) {
  return Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,62}$' }), value, {
    description,
    additionalProperties: false,
    minProperties: 1,
  })
}

/** An optional list of texts that is empty by default. */
export function optionalList(description: string, example: string[]) {
  return Type.Optional(Type.Array(text(), { description, default: [], examples: [example] }))
}

/** Whom to believe at a server of one's own: the same words wherever there is one. */
export function caFile() {
  return Type.Optional(
    text({
      description:
        'PEM file with the certificates of the authorities that may have signed its certificate, instead of those that ' +
        'everybody knows. Relative to the config file.',
      examples: ['tls/home-ca.pem'],
    }),
  )
}
