import { inspect } from 'node:util'

/** A secret that only `reveal` shows; printed, logged or written as JSON it is "[secret]". */
export type Secret = { reveal(): string; toString(): string; toJSON(): string }

const shown = () => '[secret]'

/** Wraps `value`, which is held by no property. */
export function createSecret(value: string): Secret {
  return Object.freeze({ reveal: () => value, toString: shown, toJSON: shown, [inspect.custom]: shown })
}
