import { expect, test } from 'vitest'
import { chooseLang } from '../../src/pages/language.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['de-AT,de;q=0.9,en;q=0.5', 'de'],
  ['DE-ch', 'de'],
  ['en-US,en;q=0.9,de;q=0.8', 'en'],
  ['en;q=0.4, de;q=0.7', 'de'],
  ['fr-FR,fr;q=0.9,de;q=0.3', 'de'],
  ['fr,es;q=0.5', 'en'],
  ['de;q=0', 'en'],
  ['de;q=0.000,en;q=0.001', 'en'],
  ['en;q=0.5,de;q=0.5', 'en'],
  ['de;q=0.5,en;q=0.5', 'de'],
  ['*', 'en'],
  ['deutsch', 'en'],
  ['de;level=1;q=0.2,en;q=0.1', 'de'],
])('%s asks for %s', (header, lang) => {
  expect(chooseLang(header)).toBe(lang)
})

test.each([
  'de;q=2,en',
  'de;q=-1,en',
  'de;q=0.12345,en',
  'de;q=,en',
  'de;q=NaN',
  ';;;,,,;q=1',
  '__proto__,constructor',
  '\u0000de',
  '%00',
])('nonsense asks for English: %j', (header) => {
  expect(chooseLang(header)).toBe('en')
})

test('a language after 500 characters of others is not looked for', () => {
  expect(chooseLang(`${'fr,'.repeat(200_000)}de`)).toBe('en')
})
