import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { MINUTE, systemClock } from '../../src/lib/clock.ts'
import { type LogFields, silentLog } from '../../src/lib/log.ts'
import { OperatorError } from '../../src/lib/operator-error.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { setAside } from '../../src/store/sqlite-damage.ts'
import { createTrouble } from '../../src/store/sqlite-trouble.ts'
import { createFakeClock } from '../support/clock.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const HOUR = 3_600_000

function open(file: string, clock = createFakeClock()) {
  const store = openSqliteStore(file, clock)
  onTestFinished(() => store.close())
  return store
}

function countRows(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  const { rows } = db.prepare('SELECT count(*) AS rows FROM records').get() as { rows: number }
  db.close()
  return rows
}

function modes(dir: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir).map((name) => [name, (statSync(join(dir, name)).mode & 0o777).toString(8)]),
  )
}

test('what was committed before SIGKILL is there afterwards', async () => {
  const file = join(await makeTempDir(), 'e.db')
  const script = new URL('../support/sqlite-writer.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const named: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    named.push(line)
    if (named.length === 300) child.kill('SIGKILL')
  }
  expect(await exited).toEqual([null, 'SIGKILL'])

  const store = openSqliteStore(file, systemClock)
  onTestFinished(() => store.close())
  expect(named.length).toBeGreaterThanOrEqual(300)
  for (const key of named) expect((await store.get(key))?.value).toBe(key.replace('record', 'value'))
  const { entries } = await store.feed.readSince(0, 10_000)
  expect(entries.slice(0, named.length).map(({ entry }) => entry)).toEqual(named)
})

test('the database and its side files are for their owner only', async () => {
  const dir = join(await makeTempDir(), 'data')
  const file = join(dir, 'e.db')
  await open(file).create('a', 'one', Date.UTC(2030, 0))
  expect(modes(dir)).toEqual({ 'e.db': '600', 'e.db-shm': '600', 'e.db-wal': '600' })
  expect(statSync(dir).mode & 0o777).toBe(0o700)
})

test('a database that others could read is closed to them', async () => {
  const dir = await makeTempDir()
  const file = join(dir, 'e.db')
  await openSqliteStore(file, createFakeClock()).close()
  chmodSync(file, 0o644)
  await open(file).create('a', 'one', Date.UTC(2030, 0))
  expect(new Set(Object.values(modes(dir)))).toEqual(new Set(['600']))
})

test('changes are written ahead, so that readers and one writer do not wait for each other', async () => {
  const file = join(await makeTempDir(), 'e.db')
  open(file)
  const db = new DatabaseSync(file)
  onTestFinished(() => db.close())
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
})

test('a file from a newer version is refused and left as it is', async () => {
  const file = join(await makeTempDir(), 'e.db')
  await openSqliteStore(file, createFakeClock()).close()
  const db = new DatabaseSync(file)
  db.exec('PRAGMA user_version = 99')
  db.close()
  const before = readFileSync(file)
  expect(() => open(file)).toThrow(OperatorError)
  expect(() => open(file)).toThrow(/e\.db was written by a newer version .*layout 99/)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test("another program's database is refused and left as it is", async () => {
  const file = join(await makeTempDir(), 'e.db')
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE films (title TEXT)')
  db.close()
  expect(() => open(file)).toThrow(/belongs to another program/)
  const after = new DatabaseSync(file)
  onTestFinished(() => after.close())
  expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'films' }])
})

test('E8: a file that is no database is set aside whole, and the log says so', async () => {
  const dir = await makeTempDir()
  const file = join(dir, 'e.db')
  const text = 'this was a database once '.repeat(400)
  for (const name of [file, `${file}-wal`, `${file}-shm`]) writeFileSync(name, text, { mode: 0o600 })
  const told: unknown[] = []
  const store = openSqliteStore(file, createFakeClock(Date.UTC(2026, 0, 1)), {
    ...silentLog,
    warn: (event, fields) => void told.push([event, fields?.['aside']]),
  })
  onTestFinished(() => store.close())
  expect(await store.create('a', 'one', Date.UTC(2030, 0))).toBe(true)
  const aside = `${file}.damaged-2026-01-01T00-00-00.000Z`
  expect(told).toEqual([['store_set_aside', aside]])
  expect(readFileSync(aside, 'utf8')).toBe(text)
  expect(countRows(file)).toBe(1)
})

test('a damaged file that cannot be set aside is left as it is, with what to do', async () => {
  const dir = await makeTempDir()
  const file = join(dir, 'e.db')
  writeFileSync(file, 'this was a database once '.repeat(400), { mode: 0o600 })
  mkdirSync(`${file}.damaged-2026-01-01T00-00-00.000Z`)
  expect(() => open(file)).toThrow(OperatorError)
  expect(() => open(file)).toThrow(/e\.db is damaged, and cannot be set aside.*backup/)
  expect(readFileSync(file, 'utf8')).toContain('once')
})

test('a new file that somebody else has put in place of a damaged one stays', async () => {
  const file = join(await makeTempDir(), 'e.db')
  writeFileSync(file, 'damaged')
  const { ino } = statSync(file)
  expect(setAside(file, ino + 1, createFakeClock())).toBeUndefined()
  expect(readFileSync(file, 'utf8')).toBe('damaged')
})

const damages: [name: string, damage: (bytes: Buffer) => Buffer][] = [
  ['overwritten inside', (bytes) => bytes.fill(0x5a, 3 * 4096, 30 * 4096)],
  ['cut off', (bytes) => bytes.subarray(0, 20 * 4096)],
  ['cut off within a page', (bytes) => bytes.subarray(0, 20_000)],
]
test.each(damages)('E8: a database that is %s is set aside when it is opened', async (_, damage) => {
  const file = join(await makeTempDir(), 'e.db')
  const store = openSqliteStore(file, createFakeClock())
  for (let i = 0; i < 200; i++) await store.create(`key ${i}`, 'x'.repeat(1000), Date.UTC(2030, 0))
  await store.close()
  const bytes = damage(readFileSync(file))
  writeFileSync(file, bytes)
  expect(await open(file).get('key 1')).toBeUndefined()
  const aside = readdirSync(dirname(file)).find((name) => name.startsWith('e.db.damaged-')) ?? ''
  expect(readFileSync(join(dirname(file), aside)).equals(bytes)).toBe(true)
})

test('a place that cannot hold a file is named', async () => {
  const dir = await makeTempDir()
  expect(() => open(dir)).toThrow(OperatorError)
  writeFileSync(join(dir, 'plain'), '')
  expect(() => open(join(dir, 'plain', 'e.db'))).toThrow(/plain\/e\.db cannot be opened/)
})

test('two openings of one file see and respect each other', async () => {
  const file = join(await makeTempDir(), 'e.db')
  const one = open(file)
  const two = open(file)
  await one.create('a', 'first', Date.UTC(2030, 0))
  const seen = await two.get('a')
  expect(seen?.value).toBe('first')
  expect(await two.swap('a', seen?.version ?? 0, 'second', Date.UTC(2030, 0))).toBe(true)
  expect(await one.swap('a', seen?.version ?? 0, 'third', Date.UTC(2030, 0))).toBe(false)
  await two.feed.append('from two')
  expect((await one.feed.readSince(0, 10)).entries.map(({ entry }) => entry)).toEqual(['from two'])
})

test('expired rows are deleted in small batches, and live ones stay', async () => {
  const file = join(await makeTempDir(), 'e.db')
  const clock = createFakeClock()
  const store = open(file, clock)
  for (let i = 0; i < 450; i++) await store.create(`short ${i}`, 'x', clock.now() + 1000)
  await store.create('long', 'x', clock.now() + HOUR)
  await clock.advance(59_999)
  expect(countRows(file)).toBe(451)
  await clock.advance(1)
  expect(countRows(file)).toBe(251)
  await clock.advance(2000)
  expect(countRows(file)).toBe(1)
  expect((await store.get('long'))?.value).toBe('x')
})

test('what the disk refuses is told at once, then once a minute, and when it is over; damage never is', async () => {
  const told: unknown[] = []
  const clock = createFakeClock()
  const log = {
    ...silentLog,
    warn: (event: string, fields?: LogFields) => void told.push([event, fields?.['error']]),
    notice: (event: string) => void told.push(event),
  }
  const trouble = createTrouble('e.db', clock, log)
  const met = (errcode: number) => trouble.met(Object.assign(new Error(), { errcode }))
  trouble.over()
  for (let second = 0; second < 70; second++) {
    met(13)
    await clock.advance(1000)
  }
  trouble.over()
  trouble.over()
  expect(told.splice(0)).toEqual([['store_lost', 'full'], ['store_lost', 'full'], 'store_back'])
  // SQLITE_IOERR_FSYNC, SQLITE_CORRUPT_INDEX.
  met(10 | (4 << 8))
  trouble.over()
  met(11 | (3 << 8))
  trouble.over()
  expect(told).toEqual([['store_lost', 'disk'], 'store_back', ['store_lost', 'damaged']])
})

test('a file that is moved away under a running gateway is told of each minute', async () => {
  const file = join(await makeTempDir(), 'e.db')
  const told: string[] = []
  const clock = createFakeClock()
  const store = openSqliteStore(file, clock, { ...silentLog, warn: (event) => void told.push(event) })
  onTestFinished(() => store.close())
  await clock.advance(2 * MINUTE)
  expect(told).toEqual([])
  renameSync(file, `${file}.away`)
  await clock.advance(MINUTE)
  writeFileSync(file, '')
  await clock.advance(MINUTE)
  expect(told).toEqual(['store_replaced', 'store_replaced'])
})
