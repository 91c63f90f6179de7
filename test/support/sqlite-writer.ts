import { systemClock } from '../../src/lib/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'

// Run as a process of its own: writes records into the file that it is given and names each one after it is kept,
// until it is killed.
const store = openSqliteStore(process.argv[2] as string, systemClock)
for (let i = 0; ; i++) {
  const key = `record ${i}`
  if (!(await store.create(key, `value ${i}`, systemClock.now() + 3_600_000))) throw new Error(`${key} was there`)
  await store.feed.append(key)
  process.stdout.write(`${key}\n`)
}
