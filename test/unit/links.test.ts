import { beforeEach, expect, test } from 'vitest'
import type { Identity } from '../../src/provider/provider.ts'
import { createLinks, type Links } from '../../src/recipes/links.ts'
import type { AppUser, RecipePeople } from '../../src/recipes/recipe.ts'
import { type SignInRules, whoInside, writtenFor } from '../../src/recipes/who-inside.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createRecords } from '../../src/store/records.ts'
import { createFakeClock } from '../support/clock.ts'

const issuer = 'https://id.home.example'
const anna: Identity = { issuer, sub: '1', name: 'Anna', email: 'Anna@home.example' }
const ben: Identity = { issuer, sub: '2', name: 'Ben' }

let links: Links
let users: AppUser[]
let people: RecipePeople
/** What the config says of people, as of the last question. */
let config: SignInRules['users']

const user = (id: string, name: string, more: Partial<AppUser> = {}): AppUser => ({
  id,
  name,
  admin: false,
  disabled: false,
  ...more,
})

beforeEach(() => {
  config = {}
  const clock = createFakeClock()
  const store = createMemoryStore(clock)
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
  const drawer = <T>(name: string) => createRecords<T>(store, keyring, name)
  links = createLinks({
    clock,
    keyring,
    records: drawer('link'),
    users: drawer('app-user'),
    written: (_, one) => writtenFor(one, config),
  })
  users = [user('a', 'anna'), user('b', 'boss', { admin: true })]
  people = {
    all: async () => users,
    byId: async (id) => users.find((one) => one.id === id),
    byName: async (name) => users.find((one) => one.name === name),
    async create(name) {
      const made = user(`made-${users.length}`, name)
      users.push(made)
      return made
    },
    proofs: [],
    prove: async () => undefined,
  } as RecipePeople
})

const rules = (more: Partial<SignInRules> = {}): SignInRules => ({
  users: {},
  createUsers: false,
  screenAdmin: false,
  ...more,
})
function who(person: Identity, kind: 'screen' | 'browser' | 'native', more: Partial<SignInRules> = {}) {
  config = more.users ?? {}
  return whoInside('movies', person, kind, { rules: rules(more), links, people })
}
const prove = (person: Identity, userId: string) =>
  links.make('movies', person, { userId, name: userId, how: 'proved' })

test('whoever is not linked is nobody there, whatever they are called', async () => {
  users.push(user('x', 'Anna'), user('y', 'Anna@home.example'))
  expect(await who(anna, 'browser')).toEqual({ failed: 'not-linked' })
})

test('the config links by verified e-mail in any case or by sub, to an id or a name', async () => {
  expect(await who(anna, 'screen', { users: { 'ANNA@home.example': 'anna' } })).toMatchObject({ user: { id: 'a' } })
  expect(await who(ben, 'screen', { users: { 2: 'a' } })).toMatchObject({ user: { id: 'a' } })
})

test('a name in the config means whom it meant then, whoever is called so later', async () => {
  const written = { users: { 1: 'anna' } }
  await who(anna, 'screen', written)
  users = [user('a', 'formerly anna'), user('b', 'anna', { admin: true })]
  expect(await who(anna, 'screen', written)).toMatchObject({ user: { id: 'a' } })
  expect(await who(anna, 'screen', { users: { 1: 'b' }, screenAdmin: true })).toMatchObject({ user: { id: 'b' } })
})

test('whoever the config names no more, or otherwise, is linked no more', async () => {
  const linked = { user: { id: 'b' } }
  const nobody = { failed: 'not-linked' }
  expect(await who(anna, 'browser', { users: { 'anna@home.example': 'boss' } })).toMatchObject(linked)
  expect(await who(anna, 'browser')).toEqual(nobody)
  expect(await links.personsOf('movies', 'b')).toEqual([])
  // The address is somebody else's by now.
  const moved = { ...anna, email: 'other@home.example' }
  expect(await who(moved, 'browser', { users: { 'anna@home.example': 'boss' } })).toEqual(nobody)
  // A name that is nobody's there is not the one of before.
  expect(await who(anna, 'browser', { users: { 1: 'nobody' } })).toEqual(nobody)
  expect(await who(anna, 'browser', { createUsers: true })).toMatchObject({ user: { name: 'Anna' } })
  expect(await who(anna, 'browser', { users: { 1: 'b' } })).toMatchObject(linked)
  expect(await links.personsOf('movies', 'b')).toMatchObject([{ sub: '1' }])
})

test('of two people who race for one account, one gets it', async () => {
  const made = await Promise.all([prove(anna, 'a'), prove(ben, 'a')])
  expect(made.filter((one) => one === 'taken')).toHaveLength(1)
  expect(await links.personsOf('movies', 'a')).toHaveLength(1)
})

test('an account that somebody has left is free again', async () => {
  await prove(anna, 'a')
  await links.remove('movies', anna)
  expect(await prove(ben, 'a')).not.toBe('taken')
  await prove(ben, 'b')
  expect(await prove(anna, 'a')).not.toBe('taken')
})

test('somebody is described anew at each sign-in, and whoever is not linked stays so', async () => {
  await prove(anna, 'a')
  await links.describe('movies', { ...anna, groups: ['family'] })
  await links.describe('movies', { ...ben, groups: ['family'] })
  expect(await links.personsOf('movies', 'a')).toEqual([{ ...anna, groups: ['family'] }])
  expect(await links.get('movies', anna)).toMatchObject({ userId: 'a', person: { groups: ['family'] } })
  expect(await links.get('movies', ben)).toBeUndefined()
})

test('an account that the operator has taken back is free again', async () => {
  await who(ben, 'browser', { users: { 2: 'a' } })
  expect(await prove(anna, 'a')).toBe('taken')
  await who(ben, 'browser')
  expect(await prove(anna, 'a')).not.toBe('taken')
  expect(await links.personsOf('movies', 'a')).toMatchObject([{ sub: '1' }])
})

test('the operator may give one account to several people', async () => {
  for (const person of [anna, ben]) await who(person, 'screen', { users: { 1: 'a', 2: 'a' } })
  expect((await links.personsOf('movies', 'a')).map(({ sub }) => sub)).toEqual(['1', '2'])
})

test("a screen's session never gets an account that administers the app", async () => {
  await prove(anna, 'b')
  expect(await who(anna, 'screen')).toEqual({ failed: 'admin' })
  expect(await who(anna, 'native')).toEqual({ failed: 'admin' })
  expect(await who(anna, 'browser')).toMatchObject({ user: { id: 'b' } })
  expect(await who(anna, 'screen', { screenAdmin: true })).toMatchObject({ user: { id: 'b' } })
})

test('who administers the app may have an ordinary account for their screens', async () => {
  await prove(anna, 'b')
  expect(await links.setScreens('movies', anna, { userId: 'a', name: 'anna' })).toBe(true)
  expect(await who(anna, 'screen')).toMatchObject({ user: { id: 'a' } })
  expect(await who(anna, 'browser')).toMatchObject({ user: { id: 'b' } })
  users = users.map((one) => ({ ...one, admin: true }))
  expect(await who(anna, 'screen')).toEqual({ failed: 'admin' })
})

test('an account that is switched off or gone lets nobody in', async () => {
  await prove(anna, 'a')
  users = [user('a', 'anna', { disabled: true })]
  expect(await who(anna, 'browser')).toEqual({ failed: 'disabled' })
  users = []
  expect(await who(anna, 'browser')).toEqual({ failed: 'not-linked' })
})

test('an account is made once, where the operator wants that', async () => {
  expect(await who(ben, 'screen')).toEqual({ failed: 'not-linked' })
  const first = await who(ben, 'screen', { createUsers: true })
  expect(first).toMatchObject({ user: { name: 'Ben', admin: false }, link: { how: 'created' } })
  expect(await who(ben, 'screen', { createUsers: true })).toMatchObject({ user: { name: 'Ben' } })
  expect(users).toHaveLength(3)
})

test('two screens that come at once make one account', async () => {
  await Promise.all([who(ben, 'screen', { createUsers: true }), who(ben, 'screen', { createUsers: true })])
  expect(users).toHaveLength(3)
})

test("a sub that is spelled like somebody's address makes nobody that person", async () => {
  const users = { 'anna@home.example': 'anna', '7': 'boss' }
  const evil: Identity = { issuer, sub: 'anna@home.example', name: 'Anna' }
  expect(await who(evil, 'browser', { users })).toEqual({ failed: 'not-linked' })
  expect(await who(anna, 'browser', { users })).toMatchObject({ user: { id: 'a' } })
  expect(await who({ issuer, sub: '7', name: 'x' }, 'browser', { users })).toMatchObject({ user: { id: 'b' } })
})
