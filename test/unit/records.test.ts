import { beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/store/contract.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createRecords, type Records } from '../../src/store/records.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'

type Film = { title: string; minutes?: number }

const key1 = Buffer.alloc(32, 1)
const key2 = Buffer.alloc(32, 2)
const keyring = createKeyring(new Map([[1, key1]]))

let clock: FakeClock
let store: Store
let films: Records<Film>
let later: number

beforeEach(() => {
  clock = createFakeClock()
  store = createMemoryStore(clock)
  films = createRecords<Film>(store, keyring, 'film')
  later = clock.now() + 3_600_000
})

async function held(id: string, drawer = films) {
  const record = await drawer.get(id)
  if (record === undefined) throw new Error(`no record ${id}`)
  return record
}

test('a record goes through creation, change and removal', async () => {
  expect(await films.create('a', { title: 'Metropolis' }, later)).toBe(true)
  expect(await films.create('a', { title: 'Nosferatu' }, later)).toBe(false)
  const first = await held('a')
  expect(first).toMatchObject({ id: 'a', value: { title: 'Metropolis' }, expiresAt: later })
  expect(await films.swap(first, { title: 'Metropolis', minutes: 153 })).toBe(true)
  const second = await held('a')
  expect(second).toMatchObject({ value: { title: 'Metropolis', minutes: 153 }, expiresAt: later })
  expect(await films.swap(first, { title: 'late' })).toBe(false)
  expect(await films.remove(first)).toBe(false)
  expect(await films.remove(second)).toBe(true)
  expect(await films.get('a')).toBeUndefined()
})

test('a swap keeps the expiry unless it is given one', async () => {
  await films.create('a', { title: 'M' }, later)
  await films.swap(await held('a'), { title: 'M' }, later + 5)
  expect((await held('a')).expiresAt).toBe(later + 5)
})

test('the store sees no word of a record', async () => {
  await films.create('a', { title: 'Metropolis' }, later)
  const raw = await store.get('film/a')
  expect(raw?.value).toMatch(/^ep1\./)
  expect(Buffer.from(raw?.value ?? '', 'base64url').includes('Metropolis')).toBe(false)
})

test('a sealed value moved to another key does not open', async () => {
  await films.create('a', { title: 'Metropolis' }, later)
  const raw = await store.get('film/a')
  await store.create('film/b', raw?.value ?? '', later)
  await store.create('people/a', raw?.value ?? '', later)
  expect(await films.get('b')).toBeUndefined()
  expect(await createRecords(store, keyring, 'people').get('a')).toBeUndefined()
  expect((await held('a')).value.title).toBe('Metropolis')
})

test('a value that somebody wrote into the store by hand does not open', async () => {
  await store.create('film/a', JSON.stringify({ title: 'forged' }), later)
  expect(await films.get('a')).toBeUndefined()
})

test('records survive a key change and move to the new key when they are written', async () => {
  await films.create('a', { title: 'Metropolis' }, later)
  const newRing = createKeyring(
    new Map([
      [1, key1],
      [2, key2],
    ]),
  )
  const after = createRecords<Film>(store, newRing, 'film')
  expect((await held('a', after)).value.title).toBe('Metropolis')
  await after.swap(await held('a', after), { title: 'Metropolis' })
  const alone = createRecords<Film>(store, createKeyring(new Map([[2, key2]])), 'film')
  expect((await held('a', alone)).value.title).toBe('Metropolis')
  expect(await films.get('a')).toBeUndefined()
})

test('a record is found under whichever key named it, the newest first', async () => {
  await films.create('old', { title: 'Metropolis' }, later)
  expect(await films.find(['new', 'old'])).toMatchObject({ id: 'old', value: { title: 'Metropolis' } })
  await films.create('new', { title: 'Nosferatu' }, later)
  expect((await films.find(['new', 'old']))?.value.title).toBe('Nosferatu')
  expect(await films.find(['neither', 'nor'])).toBeUndefined()
})

test('a change is made of what is there under any of its ids, and of nothing under the first', async () => {
  const lengthen = (film: Film = { title: 'M' }) => ({
    value: { ...film, minutes: (film.minutes ?? 0) + 1 },
    expiresAt: later,
  })
  expect(await films.change(['new', 'old'], lengthen)).toBe(true)
  expect((await held('new')).value).toEqual({ title: 'M', minutes: 1 })
  await films.create('was', { title: 'Metropolis' }, later)
  expect(await films.change(['is', 'was'], lengthen)).toBe(true)
  expect((await held('was')).value).toEqual({ title: 'Metropolis', minutes: 1 })
  expect(await films.get('is')).toBeUndefined()
})

test('a change may leave a record alone, and may take it away', async () => {
  await films.create('a', { title: 'M' }, later)
  const { version } = await held('a')
  expect(await films.change(['a'], () => undefined)).toBe(false)
  expect((await held('a')).version).toBe(version)
  expect(await films.change(['a'], () => 'removed')).toBe(true)
  expect(await films.get('a')).toBeUndefined()
  expect(await films.change(['a'], () => 'removed')).toBe(true)
})

test('100 changes at once of one record all land', async () => {
  const titles = Array.from({ length: 100 }, (_, i) => `film ${i}`)
  const add = (title: string) =>
    films.change(['list'], (all) => ({ value: { title: `${all?.title ?? ''}${title};` }, expiresAt: later }))
  expect(await Promise.all(titles.map(add))).not.toContain(false)
  expect((await held('list')).value.title.split(';').slice(0, -1).sort()).toEqual(titles.sort())
})

test('whoever loses a race judges again on what is there then', async () => {
  let taken = 0
  const takeOne = () =>
    films.change(['seat'], (film) => (film ? undefined : { value: { title: 'M' }, expiresAt: later }))
  for (const isMine of await Promise.all([takeOne(), takeOne(), takeOne()])) taken += Number(isMine)
  expect(taken).toBe(1)
})

test('a record that others never stop changing is given up, not tried for ever', async () => {
  let lost = 0
  const contended: Store = { ...store, swap: async () => Boolean(lost++ < 0) }
  const drawer = createRecords<Film>(contended, keyring, 'film')
  await drawer.create('a', { title: 'M' }, later)
  await expect(drawer.change(['a'], (film) => film && { value: film, expiresAt: later })).rejects.toThrow(
    /changed by others/,
  )
  expect(lost).toBeLessThan(1000)
})

test('a record that no key of ours opens is given up, not tried for ever', async () => {
  await store.create('film/a', 'of another key', later)
  await expect(films.change(['a'], () => ({ value: { title: 'M' }, expiresAt: later }))).rejects.toThrow(
    /changed by others/,
  )
})
