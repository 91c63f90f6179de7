import { join } from 'node:path'
import type { BinaryExpression, Expression, Node, PrivateIdentifier } from 'acorn'
import { expect, test } from 'vitest'
import { checkClock } from '../../scripts/check-clock.ts'
import { lineOf, readSources, walk } from '../../scripts/source.ts'
import { randomId } from '../../src/lib/random.ts'
import { isSameSecret } from '../../src/lib/same-secret.ts'
import { newInvitationId, newUserCode } from '../../src/logins/user-code.ts'
import { createKeyring } from '../../src/store/keyring.ts'

const src = join(import.meta.dirname, '../../src')

test('E1: of a hundred thousand ids of each kind no two are equal, and every letter of a code is as likely', () => {
  for (const [kind, bytes] of [
    ['secrets', 32],
    ['logins', 16],
    ['handles of the list', 12],
  ] as const) {
    const ids = new Set(Array.from({ length: 100_000 }, () => randomId(bytes)))
    const lengths = new Set([...ids].map((id) => Buffer.from(id, 'base64url').length))
    expect([kind, ids.size, [...lengths]]).toEqual([kind, 100_000, [bytes]])
  }
  const links = new Set(Array.from({ length: 20_000 }, newInvitationId))
  expect([links.size, [...links].every((link) => /^[A-Z2-7]{16}$/.test(link))]).toEqual([20_000, true])
  const codes = Array.from({ length: 20_000 }, newUserCode)
  for (const place of [0, 1, 2, 3, 5, 6, 7, 8]) {
    const counts = new Map<string, number>()
    for (const code of codes) counts.set(code[place] ?? '', (counts.get(code[place] ?? '') ?? 0) + 1)
    expect([...counts.keys()].sort().join('')).toBe('BCDFGHJKLMNPQRSTVWXZ')
    // A thousand each; eight standard deviations off is no chance.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(250)
  }
})

test('E1: chance comes from node:crypto alone', () => {
  expect(checkClock()).toEqual([])
})

test('E6: parts of a key cannot be moved from one to the other', () => {
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
  const people = [
    ['https://id.example', 'a'],
    ['https://id.exampl', 'ea'],
    ['https://id.example","a', ''],
    ['', 'https://id.example","a'],
    ['https://id.example', 'a"]'],
  ].map((parts) => keyring.derive('person', JSON.stringify(parts)))
  const purposes = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['abc', ''],
    ['derive a', 'bc'],
  ].map(([purpose = '', text = '']) => keyring.derive(purpose, text))
  expect(new Set([...people, ...purposes]).size).toBe(people.length + purposes.length)
  // Sealed for one place, a text opens in none whose name only begins or ends alike.
  const sealed = keyring.seal('record', 'text', 'login/ab')
  for (const [purpose, context] of [
    ['record', 'login/a'],
    ['record', 'login/abb'],
    ['record', 'log/inab'],
    ['recor', 'dlogin/ab'],
  ] as const) {
    expect([context, keyring.open(purpose, sealed, context)]).toEqual([context, undefined])
  }
})

/** What somebody may have sent, by its name. */
const SECRET = /^(?:\w*(?:token|secret|password|verifier|nonce|signature|mac)|formToken|derive\w*)$/i

test('E7: no secret that somebody sends is compared letter by letter', () => {
  const found: string[] = []
  for (const { path, text, tree } of readSources(src)) {
    walk(tree, (node) => {
      if (node.type !== 'BinaryExpression') return
      const { operator, left, right } = node as BinaryExpression
      if (!/^[!=]==?$/.test(operator) || isConstant(left) || isConstant(right)) return
      if (SECRET.test(nameOf(left)) || SECRET.test(nameOf(right)))
        found.push(`${path}:${lineOf(text, node.start)} ${text.slice(node.start, node.end)}`)
    })
  }
  // What is compared there are two HMACs of ours, a cookie with what was made of it a line before, or a word of ours.
  expect(found.map((line) => line.replace(/:\d+/, ''))).toEqual([
    'door/phone.ts secret !== known',
    "logins/logins.ts keyring.deriveUnder(login.keyVersion, 'binding', secret) !== login.binding",
    'recipes/home-assistant/bearers.ts token === UNREADABLE',
  ])
  for (const [sent, right, same] of [
    ['abc', 'abc', true],
    ['abd', 'abc', false],
    ['ab', 'abc', false],
    ['', 'abc', false],
    ['', '', true],
  ] as const) {
    expect([sent, right, isSameSecret(sent, right)]).toEqual([sent, right, same])
  }
})

function isConstant(node: Node): boolean {
  return ['Literal', 'TemplateLiteral', 'UnaryExpression'].includes(node.type) || nameOf(node) === 'undefined'
}

/** The last name of what is compared: of `a.b.c`, and of what a call of it gives. */
function nameOf(node: Node | Expression | PrivateIdentifier): string {
  const { name, property, callee } = node as { name?: string; property?: Node; callee?: Node }
  return name ?? (property && nameOf(property)) ?? (callee && nameOf(callee)) ?? ''
}
