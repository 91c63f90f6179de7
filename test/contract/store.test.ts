import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore } from '../../src/store/memory.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { createFakeClock } from '../support/clock.ts'
import { type DurableStoreUnderTest, describeDurableStore, describeStore } from './store.ts'

describeStore('memory', async () => {
  const clock = createFakeClock()
  const store = createMemoryStore(clock)
  return { store, clock, cleanup: () => store.close() }
})

describeStore('sqlite', openSqlite)
describeDurableStore('sqlite', openSqlite)

async function openSqlite(): Promise<DurableStoreUnderTest> {
  const clock = createFakeClock()
  const dir = await mkdtemp(join(tmpdir(), 'entryphone-store-'))
  const file = join(dir, 'entryphone.db')
  let store = openSqliteStore(file, clock)
  return {
    store,
    clock,
    async reopen() {
      await store.close()
      store = openSqliteStore(file, clock)
      return store
    },
    async cleanup() {
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
