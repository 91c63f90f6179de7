import { silentLog } from '../../src/lib/log.ts'
import type { Identity } from '../../src/provider/provider.ts'
import type { Holding } from '../../src/recipes/holdings.ts'
import { createInside, type Inside } from '../../src/recipes/inside.ts'
import { createLinks, type Links } from '../../src/recipes/links.ts'
import type { Recipe, RecipeGate } from '../../src/recipes/recipe.ts'
import type { RecipeKind, SignInSettings } from '../../src/recipes/registry.ts'
import { writtenFor } from '../../src/recipes/who-inside.ts'
import type { FoundSession } from '../../src/sessions/sessions.ts'
import type { Store } from '../../src/store/contract.ts'
import { createIndex } from '../../src/store/index-record.ts'
import { createKeyring } from '../../src/store/keyring.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { createRecords } from '../../src/store/records.ts'
import { createFakeClock, type FakeClock } from './clock.ts'
import { startTraffic, type TrafficHarness } from './traffic-harness.ts'

/** The recipe of an app at the hot path, in front of an upstream that says what the test wants. */
export type RecipeHere = {
  gate: TrafficHarness
  recipe: Recipe
  inside: Inside
  links: Links
  clock: FakeClock
  /** What `sessions` knows of sessions by their keys; those of the harness to begin with. */
  byKey: Map<string, FoundSession>
  ended: string[]
  close(): Promise<void>
}

/** With nothing but memory behind it; `store` is the one to break. */
export async function startRecipe(
  kind: RecipeKind,
  signIn?: SignInSettings,
  wrap: (store: Store) => Store = (store) => store,
): Promise<RecipeHere> {
  const gates = new Map<string, RecipeGate>()
  const gate = await startTraffic({ parts: { gates } })
  const clock = createFakeClock()
  const store = wrap(createMemoryStore(clock))
  const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
  const byKey = new Map([...gate.sessions.values()].map((found) => [found.key, found]))
  const ended: string[] = []
  const recipes = new Map<string, Recipe>()
  const drawer = <T>(name: string) => createRecords<T>(store, keyring, name)
  const records = drawer<Holding>('inside')
  const inside = createInside({
    clock,
    log: silentLog,
    keyring,
    records,
    marks: drawer('mark'),
    lists: createIndex({
      clock,
      records: drawer('list'),
      exists: async (key) => (await records.get(key)) !== undefined,
    }),
    isOver: async (key) => !byKey.has(key),
    recipes,
  })
  const written = (_app: string, person: Identity) => writtenFor(person, signIn?.rules.users ?? {})
  const links = createLinks({ clock, keyring, records: drawer('link'), users: drawer('app-user'), written })
  const recipe = kind.create({
    app: gate.app,
    signIn,
    clock,
    log: silentLog,
    keyring,
    links,
    inside,
    sessions: {
      async createUnder(key, session) {
        if (ended.includes(key)) return 'ended'
        byKey.set(key, { key, session })
        return 'created'
      },
      findUnder: (key) => byKey.get(key),
      async end(key) {
        byKey.delete(key)
        ended.push(key)
        return 'kept'
      },
    },
    pages: {
      enter: '/.entryphone/auth/enter',
      enterFor: (target) => `/.entryphone/auth/enter?to=${encodeURIComponent(target)}`,
      confirm: (target) => `/confirm?to=${encodeURIComponent(target)}`,
    },
    drawer,
  })
  recipes.set(gate.app.name, recipe)
  if (recipe.gate !== undefined) gates.set(gate.app.name, recipe.gate)
  return {
    gate,
    recipe,
    inside,
    links,
    clock,
    byKey,
    ended,
    async close() {
      inside.close()
      await recipe.close?.()
      await gate.close()
    },
  }
}
