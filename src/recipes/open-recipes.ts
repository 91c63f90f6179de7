import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Identity } from '../provider/provider.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Index, IndexParts } from '../store/index-record.ts'
import type { Keyring } from '../store/keyring.ts'
import type { Records } from '../store/records.ts'
import type { App } from '../traffic/app.ts'
import { watchAccounts } from './account-watch.ts'
import { type Accounts, createAccounts } from './accounts.ts'
import type { Holding } from './holdings.ts'
import { createInside, type Inside } from './inside.ts'
import { createLinks, type Links } from './links.ts'
import type { Recipe, RecipeGate } from './recipe.ts'
import { type RecipeKind, type RecipeParts, recipeKinds, type SignInSettings } from './registry.ts'
import { writtenFor } from './who-inside.ts'

/** The recipes of all apps, and what they share. */
export type Recipes = {
  /** By the name of the app in the config: one for each app, empty where nothing is known of it. */
  byApp: ReadonlyMap<string, Recipe>
  /** Those with a say in traffic. */
  gates: ReadonlyMap<string, RecipeGate>
  links: Links
  /** Where people are signed in inside, by the name of the app. */
  accounts: ReadonlyMap<string, Accounts>
  inside: Inside
  close(): Promise<void>
}

/** What recipes are opened with. */
export type OpenRecipesParts = {
  clock: Clock
  log: Log
  keyring: Keyring
  sessions: Sessions
  drawer<T>(name: string): Records<T>
  createIndex(parts: IndexParts): Index
  apps: readonly App[]
  settings: ReadonlyMap<string, { kind: string; signIn: SignInSettings | undefined }>
  /** In place of those of the registry, by the name of the app. */
  kinds: ReadonlyMap<string, RecipeKind>
  mayOpen(app: string, person: Identity): boolean
  pages(app: App): RecipeParts['pages']
}

/** Makes each app's recipe. */
export function openRecipes(parts: OpenRecipesParts): Recipes {
  const { clock, log, keyring, sessions, drawer, createIndex, mayOpen } = parts
  const byApp = new Map<string, Recipe>()
  const written = (app: string, person: Identity) =>
    writtenFor(person, parts.settings.get(app)?.signIn?.rules.users ?? {})
  const links = createLinks({ clock, keyring, records: drawer('link'), users: drawer('app-user'), written })
  const records = drawer<Holding>('inside')
  const exists = async (key: string) => (await records.get(key)) !== undefined
  const inside = createInside({
    clock,
    log,
    keyring,
    records,
    marks: drawer('mark'),
    lists: createIndex({ clock, records: drawer('inside-list'), exists }),
    isOver,
    recipes: byApp,
  })

  /** Also when its person may not open the app any more: what it holds there would outlive that. */
  async function isOver(key: string): Promise<boolean> {
    const found = await sessions.peek(key)
    return found?.session.app === undefined || !mayOpen(found.session.app, found.session.approvedBy)
  }

  for (const app of parts.apps) {
    const { kind, signIn } = parts.settings.get(app.name) ?? { kind: 'generic', signIn: undefined }
    // No name of another drawer begins like that, whatever an app is called.
    const drawerOf = <T>(name: string) => drawer<T>(`recipe-${name}-${app.name}`)
    const own = { app, signIn, clock, log, keyring, links, inside, sessions, pages: parts.pages(app), drawer: drawerOf }
    byApp.set(app.name, (parts.kinds.get(app.name) ?? recipeKinds[kind])?.create(own) ?? {})
  }
  const gates = new Map([...byApp].flatMap(([name, { gate }]) => (gate === undefined ? [] : [[name, gate] as const])))

  const accounts = createAccounts(byApp, parts.settings, links)
  const stopWatching = watchAccounts({ clock, log, inside, sessions, accounts })

  return {
    byApp,
    gates,
    links,
    accounts,
    inside,
    async close() {
      stopWatching()
      inside.close()
      await Promise.all([...byApp.values()].map((recipe) => recipe.close?.()))
    },
  }
}
