/** A submitted form: each field once. */
export type Form = ReadonlyMap<string, string>

/** Parses a urlencoded body. A field that comes twice makes the whole form unreadable (undefined): no parser game. */
export function readForm(body: string): Form | undefined {
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) return undefined
    form.set(name, value)
  }
  return form
}

/** The form of a request if it has exactly these fields, `optional` ones aside; undefined otherwise. */
export function exactForm(
  body: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): Form | undefined {
  if (!(body instanceof Map)) return undefined
  const form: Form = body
  if (required.some((name) => !form.has(name))) return undefined
  for (const name of form.keys()) if (!required.includes(name) && !optional.includes(name)) return undefined
  return form
}
