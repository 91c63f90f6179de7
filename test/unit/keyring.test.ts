import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKeyring } from '../../src/store/keyring.ts'

const first = Buffer.alloc(32, 1)
const second = Buffer.alloc(32, 2)
const old = createKeyring(new Map([[1, first]]))
const both = createKeyring(
  new Map([
    [1, first],
    [2, second],
  ]),
)

test('what was sealed opens for the same purpose and context', () => {
  for (const text of ['', 'a', '{"a":"\u{1f4fa}"}', 'x'.repeat(100_000)]) {
    expect(old.open('record', old.seal('record', text, 'here'), 'here')).toBe(text)
  }
})

test('a seal shows nothing of the text and is never the same twice', () => {
  const seals = Array.from({ length: 50 }, () => old.seal('record', 'a secret', 'here'))
  expect(new Set(seals).size).toBe(50)
  for (const sealed of seals) {
    expect(sealed).toMatch(/^ep1\.[A-Za-z0-9_-]+$/)
    expect(Buffer.from(sealed.slice(4), 'base64url').includes('secret')).toBe(false)
  }
})

test('a value sealed for one place does not open in another', () => {
  const sealed = old.seal('record', 'text', 'session/a')
  expect(old.open('record', sealed, 'session/b')).toBeUndefined()
  expect(old.open('record', sealed, 'session/')).toBeUndefined()
  expect(old.open('record', sealed, '')).toBeUndefined()
})

test('a value sealed for one purpose does not open for another', () => {
  const sealed = old.seal('record', 'text', 'here')
  expect(old.open('target', sealed, 'here')).toBeUndefined()
  expect(old.open('recor', sealed, 'dhere')).toBeUndefined()
})

test('any flipped bit fails', () => {
  const sealed = old.seal('record', 'some text', 'here')
  const body = Buffer.from(sealed.slice('ep1.'.length), 'base64url')
  for (let bit = 0; bit < body.length * 8; bit++) {
    const changed = Buffer.from(body)
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
    expect(old.open('record', `ep1.${changed.toString('base64url')}`, 'here')).toBeUndefined()
  }
})

test('a cut or lengthened value fails', () => {
  const sealed = old.seal('record', 'some text', 'here')
  for (let end = 0; end < sealed.length; end++) {
    expect(old.open('record', sealed.slice(0, end), 'here')).toBeUndefined()
  }
  for (const more of ['A', 'AAAA', '=', '\n', ' ']) {
    expect(old.open('record', sealed + more, 'here')).toBeUndefined()
    expect(old.open('record', more + sealed, 'here')).toBeUndefined()
  }
})

test('a sealed value has one spelling only', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // Lengths of text for which the last character carries 2, 4 and 0 spare bits.
  for (const text of ['', 'a', 'ab']) {
    const sealed = old.seal('record', text, 'here')
    const opening = [...alphabet].filter((last) => old.open('record', sealed.slice(0, -1) + last, 'here') !== undefined)
    expect(opening).toEqual([sealed.at(-1)])
    expect(old.open('record', sealed.replace('ep1.', 'ep01.'), 'here')).toBeUndefined()
  }
})

test('text that was never sealed opens to nothing and throws nothing', () => {
  const texts = [
    '',
    'ep',
    'ep1',
    'ep1.',
    'ep1.!!',
    `ep1.${'A'.repeat(38)}`,
    `ep0.${'A'.repeat(40)}`,
    'ep9999999.A',
    'null',
  ]
  for (const text of texts) expect(old.open('record', text, 'here')).toBeUndefined()
  for (let i = 0; i < 200; i++) {
    expect(old.open('record', `ep1.${randomBytes(28 + i).toString('base64url')}`, 'here')).toBeUndefined()
  }
})

test('after a key change the old key still opens and the new one seals', () => {
  const before = old.seal('record', 'text', 'here')
  expect(both.version).toBe(2)
  expect(both.open('record', before, 'here')).toBe('text')
  const after = both.seal('record', 'text', 'here')
  expect(after).toMatch(/^ep2\./)
  expect(old.open('record', after, 'here')).toBeUndefined()
  expect(both.open('record', after.replace('ep2.', 'ep1.'), 'here')).toBeUndefined()
})

test('a key that has been taken away opens nothing', () => {
  const rotated = createKeyring(new Map([[2, second]]))
  expect(rotated.open('record', old.seal('record', 'text', 'here'), 'here')).toBeUndefined()
  expect(rotated.deriveUnder(1, 'session', 'x')).toBeUndefined()
})

test('derived values differ by purpose, text and key, and stay the same otherwise', () => {
  const seen = [
    old.derive('session', 'x'),
    old.derive('session', 'y'),
    old.derive('ticket', 'x'),
    both.derive('session', 'x'),
  ]
  expect(new Set(seen).size).toBe(4)
  for (const value of seen) expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(old.derive('session', 'x')).toBe(seen[0])
  expect(both.deriveUnder(1, 'session', 'x')).toBe(seen[0])
  expect(both.deriveAll('session', 'x')).toEqual([seen[3], seen[0]])
})

test('keys of the wrong size or version, or none at all, are refused', () => {
  expect(() => createKeyring(new Map())).toThrow()
  expect(() => createKeyring(new Map([[1, Buffer.alloc(31)]]))).toThrow(/32 bytes/)
  for (const version of [0, -1, 1.5, 1_000_000, Number.NaN]) {
    expect(() => createKeyring(new Map([[version, first]]))).toThrow(/version/)
  }
})
