import { randomBytes } from 'node:crypto'
import { afterEach } from 'vitest'
import { jellyfin as jellyfinKind } from '../../../src/recipes/jellyfin/jellyfin.ts'
import type { Recipe } from '../../../src/recipes/recipe.ts'
import type { RecipeKind, RecipeParts } from '../../../src/recipes/registry.ts'
import { type House, type HouseOptions, useHouse } from '../house.ts'
import { type Jellyfin, type JellyfinOptions, startJellyfin } from './server.ts'

/** A house whose cinema is a Jellyfin, with Robin and Kim in it, and an administrator's key. No test leaves it interfered with. */
export type JellyfinHouse = { house: House; jellyfin(): Jellyfin; key(): string }

/** The recipe as the gateway has made it, and what it has made it with. */
export type Made = { recipe: Recipe; parts: RecipeParts }

/** What `sign_in` says below its key: who is who, and whatever else. */
export type SignIn = { users?: Record<string, string>; lines?: string[] }

/** Robin's password at Jellyfin, for signing in by name. */
export const password = 'correct horse'

/** The same with the recipe, and its key: people are signed in inside. */
export function useSignedInHouse(
  { users = {}, lines = [] }: SignIn = {},
  options: JellyfinOptions = {},
  more: HouseOptions = {},
): JellyfinHouse & { made(): Made } {
  let made: Made | undefined
  const kind: RecipeKind = {
    ...jellyfinKind,
    create(parts) {
      made = { parts, recipe: jellyfinKind.create(parts) }
      return made.recipe
    },
  }
  const cinemaLines = [
    'recipe: jellyfin',
    'sign_in:',
    `  api_key: "\${JELLYFIN_KEY}"`,
    `  users: ${JSON.stringify(users)}`,
    ...lines,
  ]
  const built = useJellyfinHouse(options, {
    ...more,
    recipes: new Map([['cinema', kind]]),
    env: { JELLYFIN_KEY: randomBytes(16).toString('hex') },
    cinemaLines: cinemaLines.map((line) => `    ${line}`).join('\n'),
  })
  return {
    ...built,
    made() {
      if (made === undefined) throw new Error('there is no recipe yet')
      return made
    },
  }
}

export function useJellyfinHouse(options: JellyfinOptions = {}, more: HouseOptions = {}): JellyfinHouse {
  let jellyfin: Jellyfin | undefined
  const house = useHouse({
    ...more,
    async startApp({ port }) {
      jellyfin = await startJellyfin({ ...options, port })
      furnish(jellyfin, more.env?.['JELLYFIN_KEY'])
      return jellyfin
    },
  })
  afterEach(() => {
    if (jellyfin !== undefined) jellyfin.interfere = undefined
  })
  const started = () => {
    if (jellyfin === undefined) throw new Error('Jellyfin has not been started')
    return jellyfin
  }
  return { house, jellyfin: started, key: () => started().state.devices.keys()[0]?.token ?? '' }
}

/** An administrator, two people, one of them shown on the login page, and a key. */
export function furnish({ state }: Jellyfin, key?: string): void {
  state.users.create('admin', 'only for emergencies', { IsAdministrator: true })
  state.users.create('Robin', password, { IsHidden: false })
  state.users.create('Kim', password)
  state.devices.addKey('Entryphone', key)
}

/** Somebody's id, as the server writes it. */
export function idOf({ state }: Jellyfin, name: string): string {
  const user = state.users.named(name)
  if (user === undefined) throw new Error(`nobody is called ${name}`)
  return user.id
}
