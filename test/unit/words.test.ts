import { expect, test } from 'vitest'
import { render } from '../../src/pages/html.ts'
import { say, sayText, words } from '../../src/pages/messages.ts'
import { samplePages } from '../support/pages.ts'

/** Every text of a table with the way to it. */
function textsOf(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : textsOf(value as object, `${path}${key}.`),
  )
}

const english = textsOf(words('en'))
const german = new Map(textsOf(words('de')))

test('each language has every text, and none is empty', () => {
  expect([...german.keys()].sort()).toEqual(english.map(([key]) => key).sort())
  for (const [key, text] of [...english, ...german]) expect(text.trim(), key).not.toBe('')
})

test('both languages tell the same facts in the same places', () => {
  const facts = (text: string): string[] =>
    [...text.matchAll(/\{(app|host|code|person|when|device)\}/g)].map(([, name = '']) => name).sort()
  for (const [key, text] of english) expect(facts(german.get(key) ?? ''), key).toEqual(facts(text))
})

test('no word of our trade reaches a family', () => {
  const trade =
    /\b(?:oidc|oauth|openid|sso|mfa|idp|saml|authori[sz]\w*|authenticat\w*|tokens?|sessions?|credentials?|providers?|issuer|upstream|proxy|gateway|callback|redirect\w*|scopes?|consent|device code|user code|autoris\w*|authentifi\w*|sitzung\w*|anbieter|zugangsdaten)\b/i
  for (const [key, text] of [...english, ...german]) expect(text, key).not.toMatch(trade)
})

test('no page leaves a place unfilled', () => {
  for (const lang of ['en', 'de'] as const) {
    for (const { name, page } of samplePages(lang)) {
      const shown = page.html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
      expect(shown, `${lang} ${name}`).not.toMatch(/\{\w+\}|undefined|null|NaN|\[object/)
      expect(shown, name).toMatch(
        new RegExp(`^<!DOCTYPE html>\\n<html lang="${lang}" dir="ltr"><head><meta charset="utf-8">`),
      )
    }
  }
})

test('a filled place is not looked at again', () => {
  expect(render(say('{a} and {b}', { a: '{b}', b: '<' }))).toBe('{b} and &lt;')
  expect(sayText('{a} and {b}', { a: '{b}', b: '$&' })).toBe('{b} and $&')
  expect(sayText('{missing}.')).toBe('.')
})
