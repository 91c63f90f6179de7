import {
  type Credentials,
  openCommands,
  postJson,
  redeem,
  signIn,
  type Tokens,
  wayTo,
} from './home-assistant-client.ts'

/** Who lives in the Home Assistant of the tests. */
export const people = {
  owner: { username: 'owner', password: "the owner's password" },
  anna: { username: 'anna', password: "Anna's password" },
  ben: { username: 'ben', password: "Ben's password" },
  /** Whom a test may switch off, or give a second factor. */
  tina: { username: 'tina', password: "Tina's password" },
  /** An administrator for a gateway, who may come from the local network alone. */
  entryphone: { username: 'entryphone', password: 'a password that nobody types' },
} as const satisfies Record<string, Credentials>

/** A Home Assistant that people have moved in to. */
export type FurnishedHome = {
  origin: string
  /** A long-lived token of the administrator `entryphone`. */
  adminToken: string
  /** Ids of its users. */
  users: Record<keyof typeof people, string>
}

/** Goes through its first steps as its app does: the owner, then everybody else. */
export async function moveIn(origin: string): Promise<FurnishedHome> {
  const way = wayTo(origin)
  const clientId = `${origin}/`
  const first = { ...people.owner, name: 'Owner', client_id: clientId, language: 'en' }
  const { auth_code } = await postJson<{ auth_code: string }>(way, '/api/onboarding/users', first)
  const { access_token } = await redeem(way, auth_code)
  for (const [step, value] of Object.entries(furtherSteps(clientId)))
    await postJson(way, `/api/onboarding/${step}`, value, access_token)

  const owner = await openCommands(way, access_token)
  async function add(name: string, who: Credentials, rights: Record<string, unknown>): Promise<string> {
    const { user } = await owner.ask<{ user: { id: string } }>('config/auth/create', { name, ...rights })
    await owner.ask('config/auth_provider/homeassistant/create', { user_id: user.id, ...who })
    return user.id
  }
  const ordinary = { group_ids: ['system-users'] }
  const users = {
    owner: (await owner.ask<{ id: string }>('auth/current_user')).id,
    anna: await add('Anna', people.anna, ordinary),
    ben: await add('Ben', people.ben, ordinary),
    tina: await add('Tina', people.tina, ordinary),
    entryphone: await add('Entryphone', people.entryphone, { group_ids: ['system-admin'], local_only: true }),
  }
  owner.close()
  const adminToken = await longLivedToken(origin, await signIn(way, people.entryphone))
  return { origin, adminToken, users }
}

const furtherSteps = (clientId: string) => ({
  core_config: {},
  analytics: {},
  integration: { client_id: clientId, redirect_uri: clientId },
})

async function longLivedToken(origin: string, tokens: Tokens): Promise<string> {
  const commands = await openCommands(wayTo(origin), tokens.access_token)
  const token = await commands.ask<string>('auth/long_lived_access_token', {
    client_name: 'Entryphone',
    lifespan: 3650,
  })
  commands.close()
  return token
}
