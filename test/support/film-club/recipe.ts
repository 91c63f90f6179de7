import { AppFault } from '../../../src/recipes/app-fault.ts'
import { type AppRoad, createAppRoad } from '../../../src/recipes/app-road.ts'
import type { AppUser, Asked, Entered, Holder, Recipe, RecipePeople, Rule } from '../../../src/recipes/recipe.ts'
import type { CheckParts, RecipeKind, RecipeParts } from '../../../src/recipes/registry.ts'
import { whoInside } from '../../../src/recipes/who-inside.ts'
import type { FoundSession } from '../../../src/sessions/sessions.ts'

/**
 * The smallest whole recipe: what is open, whose a pass is, the way in, the way out, and what `check --online` says. It is
 * made of nothing but what src/recipes gives, and of what the club says of itself.
 */
export function filmClub(key: string, users: Record<string, string>): RecipeKind {
  return {
    cors: [],
    create: (parts) => createFilmClub(parts, key, users),
    check: (parts) => checkFilmClub(parts, key),
  }
}

function createFilmClub(parts: RecipeParts, key: string, users: Record<string, string>): Recipe {
  const { app, inside, links, sessions } = parts
  const rules = { users, createUsers: false, screenAdmin: false }
  const road = createAppRoad(app)
  const client = createClient(road, key)
  const people = createPeople(client)

  const ping: Rule = { open: true }
  const signOut: Rule = { after: ({ found }) => void (found && sessions.end(found.key, 'signed-out')) }

  function owned({ found }: Asked, owner: string | undefined): Holder {
    return owner !== undefined && owner === found?.key ? { kind: 'nobody' } : { kind: 'refused', why: 'not-of-session' }
  }

  async function enter(found: FoundSession): Promise<Entered> {
    const { actsAs, kind } = found.session
    const who = await whoInside(app.name, actsAs, kind, { rules, links, people })
    if ('failed' in who) return who
    const pass = await client.newPass(who.user.id)
    // Before anybody gets it: what nobody has noted could not be ended.
    await inside.keep(found, { secret: pass, userId: who.user.id }, [pass])
    return { write: { pass }, go: '/' }
  }

  return {
    gate: {
      ruleOf({ head, target }) {
        if (head.method === 'GET' && target.path === '/ping') return ping
        return head.method === 'POST' && target.path === '/sign-out' ? signOut : undefined
      },
      tokenOf({ fields }) {
        const at = fields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === 'authorization')
        return at < 0 ? undefined : fields[at + 1]?.replace(/^Bearer /i, '')
      },
      holderOf(pass, asked) {
        const owner = inside.markOf(app.name, pass)
        return owner instanceof Promise ? owner.then((later) => owned(asked, later)) : owned(asked, owner)
      },
    },
    entry: {
      reads: [],
      enter: (found) => enter(found).catch(() => ({ failed: 'app-down' })),
    },
    people,
    leave: ({ secret }) => client.endPass(secret),
    close: road.close,
  }
}

type Client = ReturnType<typeof createClient>

/** The one module with the key: a table of what it is used for. */
function createClient(road: AppRoad, key: string) {
  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const headers = { authorization: `Key ${key}`, 'content-type': 'application/json' }
    const answer = await road.ask({ method, path, headers, ...(body && { body: JSON.stringify(body) }) })
    if (answer.status >= 300) throw new AppFault(answer.status === 401 ? 'app-refuses' : 'app-down', path)
    return answer.status === 204 ? undefined : JSON.parse(answer.body.toString())
  }
  return {
    members: () => ask('GET', '/members') as Promise<{ id: string; name: string; head: boolean }[]>,
    newPass: async (member: string) => ((await ask('POST', '/passes', { member })) as { pass: string }).pass,
    endPass: async (pass: string) => void (await ask('DELETE', `/passes/${encodeURIComponent(pass)}`)),
  }
}

function createPeople(client: Client): RecipePeople {
  const all = async (): Promise<AppUser[]> =>
    (await client.members()).map(({ head: admin, ...user }) => ({ ...user, admin, disabled: false }))
  const find = async (wanted: (user: AppUser) => boolean) => (await all()).find(wanted)
  return {
    all,
    byId: (id) => find((user) => user.id === id),
    byName: (name) => find((user) => user.name === name),
    create: () => Promise.reject(new AppFault('app-refuses', 'the club takes no new members')),
    proofs: [],
    prove: async () => undefined,
  }
}

async function checkFilmClub({ app }: CheckParts, key: string) {
  const road = createAppRoad(app)
  try {
    const members = await createClient(road, key).members()
    return [{ level: 'fine' as const, text: `Its key opens the list of ${members.length} members.` }]
  } catch {
    return [{ level: 'problem' as const, text: 'It does not take the key.', remedy: 'Make a new one in the club.' }]
  } finally {
    await road.close()
  }
}
