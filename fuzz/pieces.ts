import fc, { type Arbitrary } from 'fast-check'

/** Bytes as a header or a target may bring them: mostly plain, sometimes anything at all. */
export const bytes = (maxLength: number): Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xff }) },
      ),
      { maxLength },
    )
    .map((codes) => String.fromCharCode(...codes))

/** Text with letters of every alphabet, and lone surrogates. */
export const text = (maxLength: number): Arbitrary<string> => fc.string({ unit: 'binary', maxLength })

/** Some of `pieces` in a row, with a little of `other` between them. */
export function mixed(pieces: readonly string[], other: Arbitrary<string>, maxPieces: number): Arbitrary<string> {
  const piece = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: other })
  return fc.array(piece, { maxLength: maxPieces }).map((parts) => parts.join(''))
}

/** A name in letters of random case. */
export const anyCase = (name: string): Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) => [...name].map((char, i) => (upper[i] ? char.toUpperCase() : char.toLowerCase())).join(''))
