import { beforeEach, expect, test } from 'vitest'
import { MINUTE } from '../../src/lib/clock.ts'
import { type LogFields, silentLog } from '../../src/lib/log.ts'
import type { Holding } from '../../src/recipes/holdings.ts'
import { createInside, type Inside } from '../../src/recipes/inside.ts'
import type { Credential, Recipe } from '../../src/recipes/recipe.ts'
import type { FoundSession } from '../../src/sessions/sessions.ts'
import type { Store } from '../../src/store/contract.ts'
import { createIndex } from '../../src/store/index-record.ts'
import { createKeyring, type Keyring } from '../../src/store/keyring.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createRecords } from '../../src/store/records.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { sampleSession } from '../support/sample-session.ts'

const tv: FoundSession = { key: 'Tv', session: sampleSession('movies') }
const tablet: FoundSession = { key: '-tablet', session: sampleSession('movies') }

let clock: FakeClock
let store: Store
let over: Set<string>
let ended: Credential[]
let appIsDown: boolean
/** What an app that hangs has been asked to end, and how its callers come to lose patience. */
let asked: Credential[]
let fails: (() => void)[]
let inside: Inside
let notices: [string, LogFields | undefined][]

const keyOf = (version: number): [number, Buffer] => [version, Buffer.alloc(32, version)]

function open(keyring: Keyring): Inside {
  const records = createRecords<Holding>(store, keyring, 'inside')
  const recipe: Recipe = {
    async leave(credential) {
      if (appIsDown || credential.secret === 'for ever') throw new Error('down')
      ended.push(credential)
    },
  }
  const hanging: Recipe = {
    leave(credential) {
      asked.push(credential)
      return new Promise((_resolve, reject) => void fails.push(() => reject(new Error('it takes too long'))))
    },
  }
  return createInside({
    clock,
    log: { ...silentLog, notice: (event, fields) => void notices.push([event, fields]) },
    keyring,
    records,
    marks: createRecords(store, keyring, 'mark'),
    lists: createIndex({
      clock,
      records: createRecords(store, keyring, 'inside-list'),
      exists: async (key) => (await records.get(key)) !== undefined,
    }),
    isOver: async (key) => over.has(key),
    recipes: new Map([
      ['movies', recipe],
      ['photos', hanging],
    ]),
  })
}

beforeEach(() => {
  clock = createFakeClock()
  store = createMemoryStore(clock)
  over = new Set()
  ended = []
  appIsDown = false
  asked = []
  fails = []
  notices = []
  inside = open(createKeyring(new Map([keyOf(1)])))
})

test("a credential is known by each of its marks as its session's, in its own app alone", async () => {
  await inside.keep(tv, { secret: 'refresh' }, ['refresh', 'id'])
  for (const text of ['refresh', 'id']) expect(await inside.markOf('movies', text)).toBe('Tv')
  expect(await inside.markOf('photos', 'refresh')).toBeUndefined()
  expect(await inside.markOf('movies', 'other')).toBeUndefined()
})

test('whose a credential is, is told without asking the store again', async () => {
  await inside.keep(tv, { secret: 'one' }, ['one'])
  expect(inside.markOf('movies', 'one')).toBeInstanceOf(Promise)
  await inside.markOf('movies', 'one')
  expect(inside.markOf('movies', 'one')).toBe('Tv')
})

test('what another gateway has marked is known within two seconds', async () => {
  expect(await inside.markOf('movies', 'new')).toBeUndefined()
  await open(createKeyring(new Map([keyOf(1)]))).keep(tv, { secret: 'new' }, ['new'])
  expect(inside.markOf('movies', 'new')).toBeUndefined()
  await clock.advance(2000)
  expect(await inside.markOf('movies', 'new')).toBe('Tv')
})

test('marks and holdings outlive a change of the key', async () => {
  await inside.keep(tv, { secret: 'one' }, ['one'])
  const later = open(createKeyring(new Map([keyOf(1), keyOf(2)])))
  expect(await later.markOf('movies', 'one')).toBe('Tv')
  expect((await later.of('Tv'))?.credentials).toEqual([{ secret: 'one' }])
})

test('what a session holds is ended at the app when the session is over, and not before', async () => {
  await inside.keep(tv, { secret: 'one' }, ['one'])
  await inside.keep(tv, { secret: 'two' }, ['two'])
  await inside.leave('Tv')
  expect(ended).toEqual([])
  over.add('Tv')
  await inside.leave('Tv')
  expect(ended.map(({ secret }) => secret)).toEqual(['one', 'two'])
  expect(await inside.of('Tv')).toBeUndefined()
  // It stays refused: whoever copied it has it still.
  expect(await inside.markOf('movies', 'one')).toBe('Tv')
})

test('an app that is down is asked again until it has ended everything', async () => {
  await inside.keep(tv, { secret: 'one' }, ['one'])
  over.add('Tv')
  appIsDown = true
  await inside.leave('Tv')
  expect((await inside.of('Tv'))?.credentials).toEqual([{ secret: 'one' }])
  appIsDown = false
  await clock.advance(15_000)
  await expect.poll(() => ended).toEqual([{ secret: 'one' }])
  await expect.poll(() => inside.of('Tv')).toBeUndefined()
})

test('of what a session held, one thing that the app does not end keeps nothing else alive', async () => {
  for (const secret of ['one', 'for ever', 'two']) await inside.keep(tv, { secret }, [secret])
  over.add('Tv')
  await inside.leave('Tv')
  expect(ended.map(({ secret }) => secret)).toEqual(['one', 'two'])
  expect((await inside.of('Tv'))?.credentials).toEqual([{ secret: 'for ever' }])
})

test('what an app could not end is owed to its person alone, until it is done', async () => {
  const { approvedBy, device } = tv.session
  await inside.keep(tv, { secret: 'one' }, ['one'])
  await inside.keep(tablet, { secret: 'two' }, ['two'])
  expect(await inside.owedTo(approvedBy)).toEqual([])
  over.add('Tv')
  appIsDown = true
  await inside.leave('Tv')
  expect(await inside.owedTo(approvedBy)).toEqual([{ app: 'movies', device }])
  expect(await inside.owedTo({ ...approvedBy, sub: 'somebody else' })).toEqual([])
  // Another gateway tells it too, also under a new key.
  const later = open(createKeyring(new Map([keyOf(1), keyOf(2)])))
  expect(await later.owedTo(approvedBy)).toEqual([{ app: 'movies', device }])
  appIsDown = false
  await clock.advance(15_000)
  await expect.poll(() => inside.owedTo(approvedBy)).toEqual([])
})

test('a session that runs out, while nobody looks, is left by the sweep', async () => {
  await inside.keep(tablet, { secret: 'one' }, ['one'])
  await clock.advance(15_000)
  expect(ended).toEqual([])
  over.add('-tablet')
  await clock.advance(15_000)
  await expect.poll(() => ended).toEqual([{ secret: 'one' }])
})

test('an app that hangs holds up its own leaving alone, and is asked one thing at a time', async () => {
  // Their names put them in front of the other app's in every list.
  for (const key of ['A first', 'A second'])
    await inside.keep({ key, session: sampleSession('photos') }, { secret: key }, [key])
  await inside.keep(tv, { secret: 'one' }, ['one'])
  for (const key of ['A first', 'A second', 'Tv']) over.add(key)
  await clock.advance(15_000)
  await expect.poll(() => ended).toEqual([{ secret: 'one' }])
  await inside.keep(tablet, { secret: 'two' }, ['two'])
  over.add('-tablet')
  await clock.advance(60_000)
  await expect.poll(() => ended).toEqual([{ secret: 'one' }, { secret: 'two' }])
  expect(asked.map(({ secret }) => secret)).toEqual(['A first'])
  // Whatever comes of the first, the next has its turn.
  fails.shift()?.()
  await expect.poll(() => asked.map(({ secret }) => secret)).toEqual(['A first', 'A second'])
  fails.shift()?.()
  await clock.advance(15_000)
  await expect.poll(() => asked.map(({ secret }) => secret)).toEqual(['A first', 'A second', 'A first'])
})

test('what comes for a session that ends meanwhile reaches nobody, and is ended at the app', async () => {
  over.add('Tv')
  await expect(inside.keep(tv, { secret: 'late' }, ['late'])).rejects.toThrow()
  expect(ended).toEqual([{ secret: 'late' }])
})

test('credentials that come at once are all kept', async () => {
  const all = Array.from({ length: 20 }, (_, i) => `token ${i}`)
  await Promise.all(all.map((secret) => inside.keep(tv, { secret }, [secret])))
  expect((await inside.of('Tv'))?.credentials.map(({ secret }) => secret).sort()).toEqual(all.sort())
})

test('whoever wants the app as it is stays left alone', async () => {
  await inside.decline(tv)
  expect(await inside.of('Tv')).toEqual({ app: 'movies', credentials: [], declined: true })
})

test('what is too long to be a credential is not remembered, and asks no store', async () => {
  expect(inside.markOf('movies', 'x'.repeat(65_536))).toBeUndefined()
  await expect(inside.keep(tv, { secret: 'x' }, ['x'.repeat(2000)])).rejects.toThrow()
})

test('an app that cannot be left is one line of the log for ten minutes, however much there is to end', async () => {
  const failed = () => notices.filter(([event]) => event === 'leaving_app_failed')
  await inside.keep(tv, { secret: 'a' }, ['a'])
  await inside.keep(tablet, { secret: 'b' }, ['b'])
  over.add('Tv').add('-tablet')
  appIsDown = true
  await inside.leave('Tv')
  await inside.leave('-tablet')
  await inside.leave('Tv')
  expect(failed()).toMatchObject([['leaving_app_failed', { app: 'movies' }]])
  await clock.advance(10 * MINUTE)
  await inside.leave('Tv')
  expect(failed()).toHaveLength(2)
})
