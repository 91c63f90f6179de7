/** Whether a value is what is expected of it. */
export type Is = (value: unknown) => boolean

export const isText: Is = (value) => typeof value === 'string'
export const isNumber: Is = (value) => Number.isFinite(value)
export const isOneOf =
  (...words: string[]): Is =>
  (value) =>
    typeof value === 'string' && words.includes(value)
export const isListOf =
  (is: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(is)
export const maybe =
  (is: Is): Is =>
  (value) =>
    value === undefined || is(value)

/** An object whose members are as expected; others, which a newer version may have added, do not matter. */
export const isObject =
  (members: Record<string, Is>): Is =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([name, is]) => is((value as Record<string, unknown>)[name]))

/** As `provider/`, `screens/` and `lib/place.ts` write them. */
export const isIdentity = isObject({
  issuer: isText,
  sub: isText,
  name: isText,
  email: maybe(isText),
  groups: maybe(isListOf(isText)),
})
export const isDevice = isObject({ name: isText, kind: isText, brand: isText })
export const isPlace = isObject({ address: isText, certain: (value) => typeof value === 'boolean' })
