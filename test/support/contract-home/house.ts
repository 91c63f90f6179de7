import { afterEach } from 'vitest'
import { homeAssistant as kind } from '../../../src/recipes/home-assistant/home-assistant.ts'
import type { Recipe } from '../../../src/recipes/recipe.ts'
import type { RecipeParts } from '../../../src/recipes/registry.ts'
import { type House, type HouseOptions, useHouse } from '../house.ts'
import { type ContractHome, startContractHome } from './server.ts'
import { addPassword, addUser, grant, type HomeUser } from './state.ts'

/** The recipe as the gateway has made it, and what it has made it with. */
export type MadeRecipe = { recipe: Recipe; parts: RecipeParts }

/**
 * A house whose cinema is a Home Assistant: Anna, Ben, the owner, and an administrator for the gate live there. No test
 * leaves it interfered with.
 */
export type ContractHouse = {
  house: House
  home(): ContractHome
  user(name: string): HomeUser
  made(): MadeRecipe
}

/** What the config says of it: who is who there, and whatever else. */
type HomeLines = { users?: Record<string, string>; lines?: string[]; signIn?: boolean }

/** The administrator's token, which `sign_in` names. */
export const ADMIN_TOKEN = `eyJ0eXAiOiJKV1QifQ.${Buffer.from('{"iss":"00000000000000000000000000000001"}').toString('base64url')}.admin`

/** Robin is Anna there and Sam is Ben, unless `users` says otherwise; without `signIn` nobody is anybody. */
export function useContractHouse(
  { users = { robin: 'Anna', sam: 'Ben' }, lines = [], signIn = true }: HomeLines = {},
  more: HouseOptions = {},
): ContractHouse {
  let home: ContractHome | undefined
  let made: MadeRecipe | undefined
  const recipes = new Map([
    [
      'cinema',
      {
        ...kind,
        create(parts: RecipeParts) {
          made = { parts, recipe: kind.create(parts) }
          return made.recipe
        },
      },
    ],
  ])
  const inside = ['sign_in:', `  token: "\${HOME_TOKEN}"`, `  users: ${JSON.stringify(users)}`]
  const cinemaLines = ['recipe: home-assistant', ...(signIn ? inside : []), ...lines]
  const house = useHouse({
    ...more,
    recipes,
    env: { HOME_TOKEN: ADMIN_TOKEN },
    cinemaLines: cinemaLines.map((line) => `    ${line}`).join('\n'),
    async startApp({ port }) {
      home = await startContractHome({ port })
      furnish(home)
      return home
    },
  })
  afterEach(() => {
    if (home !== undefined) home.interfere = undefined
  })
  const started = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error('it has not been started')
    return what
  }
  return {
    house,
    home: () => started(home),
    user: (name) => started(home?.state.users.find((one) => one.name === name)),
    made: () => started(made),
  }
}

function furnish({ state }: ContractHome): void {
  const owner = addUser(state, 'Owner', { is_owner: true, group_ids: ['system-admin'] })
  addPassword(state, owner, 'owner', 'of the owner')
  addPassword(state, addUser(state, 'Anna'), 'anna', 'of anna')
  addPassword(state, addUser(state, 'Ben'), 'ben', 'of ben')
  addUser(state, 'Supervisor', { system_generated: true, group_ids: ['system-admin'] })
  const gate = addUser(state, 'Entryphone', { group_ids: ['system-admin'], local_only: true })
  grant(state, gate.id, 'long-lived').access.push(ADMIN_TOKEN)
}
