import type { Clock } from '../../lib/clock.ts'
import { AppFault } from '../app-fault.ts'
import type { AppRoad, Question } from '../app-road.ts'
import type { AppUser } from '../recipe.ts'
import { isTokens, readJson, readStep, readUsers, readWebhooks, type Step, type Tokens } from './answers.ts'
import { type Command, createCommands, SaidNo } from './commands.ts'

/**
 * All that is ever asked of a Home Assistant, by a fixed table of methods, paths and commands. It alone holds the
 * administrator's token. Everything rejects with an `AppFault` where Home Assistant cannot be asked, or does not let us.
 */
export interface HomeAssistantClient {
  users(): Promise<AppUser[]>
  /** An ordinary user without a way to sign in. */
  createUser(name: string): Promise<AppUser>
  /** A further name and password for a user, beside their own. Names are lower case. */
  addCredential(userId: string, credential: Credential): Promise<void>
  /** Takes it away; what was signed in by it stays signed in. Harmless when it is gone. */
  removeCredential(name: string): Promise<void>
  /** Signs somebody in with it, as their browser at `from` would; undefined where Home Assistant wants to know more, or says no. */
  codeFor(credential: Credential, client: LoginClient, from: string): Promise<string | undefined>
  /** What a code opens; undefined when it opens nothing. */
  redeem(code: string, clientId: string): Promise<Tokens | undefined>
  /** Whose access token it is. */
  userOf(accessToken: string): Promise<AppUser | undefined>
  /** What an access token says of its user by itself. */
  self(accessToken: string): Promise<{ id: string; admin: boolean }>
  /** Ends a refresh token and all that came of it. */
  revoke(refreshToken: string): Promise<void>
  /** Whether an access token is good, for a caller at `from`: a bad one counts against that address there. */
  isGood(accessToken: string, from: string): Promise<boolean>
  /** The ids that it takes calls at, and what each is for. */
  webhooks(): Promise<{ id: string; name: string }[]>
  /** For `check --online`. */
  commands(): Promise<{ version: string; self: AppUser & { localOnly: boolean; owner: boolean } }>
  /** Whether it believes what we say of where people come from. */
  believesUs(): Promise<boolean>
}

/** A name and a password at Home Assistant's own provider. */
export type Credential = { name: string; password: string }

/** OAuth's client and where it wants to be led (IndieAuth §4.2). */
export type LoginClient = { clientId: string; redirectUri: string }

/** An address that is nobody's (RFC 5737), for asking whether a forwarded one is believed. */
const NOBODYS = '192.0.2.1'

/** `origin` is the app's as people type it; `token` the administrator's. */
export function createHomeAssistantClient(
  road: AppRoad,
  origin: string,
  token: string | undefined,
  clock: Clock,
): HomeAssistantClient {
  const { host, protocol } = new URL(origin)
  const ask = (question: Question) =>
    road.ask(question).catch((error: Error) => {
      throw new AppFault('app-down', `${nameOf(question.path)} ${error.name}`)
    })
  const commands = createCommands(road, clock)
  const byAdmin = <T>(command: Command, fields?: Record<string, unknown>) => {
    if (token === undefined) throw new AppFault('app-refuses', 'there is no token')
    return commands<T>(token, command, fields)
  }
  /** Exactly one of each: Home Assistant answers 400 to anything else. */
  const forwarded = (from: string) => ({
    'x-forwarded-for': from,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-host': host,
  })

  async function post(path: string, headers: Record<string, string>, body: string) {
    const answer = await ask({ method: 'POST', path, headers, body })
    return { status: answer.status, json: readJson(answer.body) }
  }

  async function step(path: string, from: string, body: object): Promise<Step | undefined> {
    const headers = { 'content-type': 'application/json', ...forwarded(from) }
    const { status, json } = await post(path, headers, JSON.stringify(body))
    // Whoever may not come from there, or is switched off, is told so by Home Assistant's own page.
    if (status === 403 || status === 400) return undefined
    const read = status === 200 ? readStep(json) : undefined
    if (read === undefined) throw new AppFault('app-down', `${nameOf(path)} ${status}`)
    return read
  }

  async function self(accessToken: string) {
    const said = await commands<Record<string, unknown>>(accessToken, 'auth/current_user')
    return { id: String(said['id']), admin: said['is_admin'] !== false || said['is_owner'] !== false }
  }

  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' }

  return {
    users: async () => readUsers(await byAdmin('config/auth/list')),
    async createUser(name) {
      const made = await byAdmin<{ user?: unknown }>('config/auth/create', { name, group_ids: ['system-users'] })
      const [user] = readUsers([made.user])
      if (user === undefined) throw new AppFault('app-down', 'config/auth/create')
      return user
    },
    async addCredential(userId, { name, password }) {
      await byAdmin('config/auth_provider/homeassistant/create', { user_id: userId, username: name, password })
    },
    async removeCredential(name) {
      await byAdmin('config/auth_provider/homeassistant/delete', { username: name }).catch((error: unknown) => {
        if (!(error instanceof SaidNo && error.code === 'credentials_not_found')) throw error
      })
    },
    async codeFor({ name, password }, { clientId, redirectUri }, from) {
      const client = { client_id: clientId }
      const begin = { ...client, handler: ['homeassistant', null], redirect_uri: redirectUri }
      const begun = await step('/auth/login_flow', from, begin)
      if (begun?.type !== 'form') return undefined
      const done = await step(`/auth/login_flow/${encodeURIComponent(begun.flow_id)}`, from, {
        ...client,
        username: name,
        password,
      })
      return done?.type === 'create_entry' ? done.result : undefined
    },
    async redeem(code, clientId) {
      const fields = { grant_type: 'authorization_code', code, client_id: clientId }
      const { status, json } = await post('/auth/token', asForm, form(fields))
      return status === 200 && isTokens(json) ? (json as Tokens) : undefined
    },
    async userOf(accessToken) {
      const { id } = await self(accessToken)
      return (await byAdmin<unknown>('config/auth/list').then(readUsers)).find((user) => user.id === id)
    },
    self,
    async revoke(refreshToken) {
      const { status } = await post('/auth/revoke', asForm, form({ token: refreshToken }))
      if (status !== 200) throw new AppFault('app-down', `/auth/revoke ${status}`)
    },
    async isGood(accessToken, from) {
      const headers = { authorization: `Bearer ${accessToken}`, ...forwarded(from) }
      const { status } = await ask({ method: 'GET', path: '/api/', headers })
      if (status !== 200 && status !== 401) throw new AppFault('app-down', `/api/ ${status}`)
      return status === 200
    },
    webhooks: () =>
      byAdmin('webhook/list').then(readWebhooks, (error: unknown) => {
        // Whoever has none does not know the command either.
        if (error instanceof SaidNo && error.code === 'unknown_command') return []
        throw error
      }),
    async commands() {
      const { version } = await byAdmin<{ version: string }>('get_config')
      const self = await byAdmin<{ id: string; is_owner: boolean }>('auth/current_user')
      const list = await byAdmin<unknown[]>('config/auth/list')
      const user = readUsers(list).find(({ id }) => id === self.id)
      if (user === undefined) throw new AppFault('app-refuses', 'the token is of nobody')
      const raw = list.find((one) => (one as { id?: unknown }).id === self.id) as { local_only?: unknown }
      return { version, self: { ...user, owner: self.is_owner, localOnly: raw.local_only === true } }
    },
    async believesUs() {
      const { status } = await ask({ method: 'GET', path: '/auth/providers', headers: forwarded(NOBODYS) })
      return status !== 400
    },
  }
}

/** What was asked, for the log: without the ids that further segments are. */
function nameOf(path: string): string {
  return path.split('/', 3).join('/')
}
