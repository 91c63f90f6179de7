import type { AppUser, RecipePeople } from '../recipe.ts'
import type { HomeAssistantClient } from './client.ts'

/** Who lives in a Home Assistant. Its people have a name to show and an id; names to sign in with are another matter. */
export function createPeople(client: HomeAssistantClient, origin: string): RecipePeople {
  const find = async (is: (user: AppUser) => boolean) => {
    const found = (await client.users()).filter(is)
    // Of two people with one name neither is meant.
    return found.length === 1 ? found[0] : undefined
  }
  return {
    all: client.users,
    byId: (id) => find((user) => user.id === id),
    byName: (name) => find((user) => user.name === name),
    async create(name) {
      const taken = new Set((await client.users()).map((user) => user.name))
      let free = name || 'Somebody'
      for (let i = 2; taken.has(free); i++) free = `${name} ${i}`
      return client.createUser(free)
    },
    proofs: ['page'],
    page: (back, state) => {
      const query = new URLSearchParams({ response_type: 'code', client_id: `${origin}/`, redirect_uri: back, state })
      return `/auth/authorize?${query}`
    },
    async prove(_kind, { code = '' }) {
      const tokens = await client.redeem(code, `${origin}/`)
      if (tokens === undefined) return undefined
      try {
        return await client.userOf(tokens.access_token)
      } finally {
        await client.revoke(tokens.refresh_token)
      }
    },
  }
}
