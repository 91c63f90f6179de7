import { join } from 'node:path'
import { systemClock } from '../../src/lib/clock.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { createFakeClock } from '../support/clock.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { describeRaces } from './races.ts'

describeRaces('memory', async () => {
  const clock = createFakeClock()
  const store = createMemoryStore(clock)
  return { store, clock, close: () => store.close() }
})

describeRaces('SQLite', async () => {
  const store = openSqliteStore(join(await makeTempDir(), 'races.sqlite'), systemClock)
  return { store, clock: systemClock, close: () => store.close() }
})
