import type { FoundSession } from '../../sessions/sessions.ts'
import type { Asked, OwnAnswer, Rule, Seen } from '../recipe.ts'
import type { RecipeParts } from '../registry.ts'
import { isCode, isTokens, readJson, refreshTokenIdOf, type Tokens } from './answers.ts'
import { isCompanion } from './authorize-request.ts'
import type { Bridge, Made } from './bridge.ts'
import type { HomeAssistantClient } from './client.ts'
import type { Natives } from './natives.ts'
import { readTokenForm, type TokenForm } from './token-form.ts'

type Origin = { made: Made | undefined; maker: FoundSession | undefined }

/** Tokens on their way to whoever has redeemed a code: made in whose session, and on a screen of which user. */
type Coming = {
  asked: Asked
  form: TokenForm
  tokens: Tokens
  maker: FoundSession | undefined
  userId: string | undefined
}

type TokenParts = Pick<RecipeParts, 'log' | 'sessions' | 'inside'> & {
  app: string
  /** The client id of its own page. */
  ownClient: string
  bridge: Bridge
  natives: Natives
  client: Pick<HomeAssistantClient, 'self' | 'revoke'>
  /** Whether people are signed in inside by us. */
  signsIn: boolean
  screenAdmin: boolean
}

/**
 * `POST /auth/token` and `POST /auth/revoke`: what a session is given is kept, and what is not its own is refused. And the
 * steps of its own sign-in, where somebody gets a code without us.
 */
export function createTokenRules(parts: TokenParts): { token: Rule; revoke: Rule; login: Rule } {
  const { app, inside, bridge, natives, sessions, log } = parts

  function formOf({ fields }: Asked, body: Buffer): TokenForm | undefined {
    // SECURITY(replace: fieldOf(fields, 'content-encoding') !== undefined → false): Home Assistant undoes it, and reads another form than we have. Test: no spelling of a form hides a token that is over from the gate and not from Home Assistant
    return fieldOf(fields, 'content-encoding') !== undefined
      ? undefined
      : readTokenForm(fieldOf(fields, 'content-type'), body)
  }

  async function mayRedeem({ found }: Asked, form: TokenForm): Promise<boolean> {
    const code = form.get('code')
    const token = form.get('refresh_token')
    const companion = isCompanion(form.get('client_id'))
    // SECURITY: its own page is in a browser, which has a session. Test: what was in a browser from before the gate opens nothing without a session
    if (found === undefined && form.get('client_id') === parts.ownClient) return false
    if (code !== undefined) {
      const made = await bridge.madeFor(code)
      // SECURITY(replace: made.session === found?.key → true): a code that was made for one session is nothing in another's hands. Test: a code of ours is redeemed in the browser that it was made for, and nowhere else
      if (made === undefined || made.session === found?.key) return true
      // SECURITY(replace: (await sessions.findUnder(made.session)) !== undefined → true): whoever was signed out everywhere would come back by what they had begun. Test: a code for an app is nothing when the session that it was made in is over
      return companion && (await sessions.findUnder(made.session)) !== undefined
    }
    const owner = token === undefined ? undefined : await inside.markOf(app, token)
    if (owner === undefined) return companion || found === undefined
    const native = await natives.find(owner)
    // SECURITY(replace: native !== undefined || owner === found?.key → true): what a session was given opens nothing for another, and nothing when it is over. Test: a refresh token of another session, or of one that is over, is refused
    return native !== undefined || owner === found?.key
  }

  /** What a code was made for, and in whose session, which what it opens will be of. */
  async function originOf({ found }: Asked, form: TokenForm): Promise<Origin> {
    const code = form.get('code')
    const own = !isCompanion(form.get('client_id'))
    // In a browser of their own people have any account that they sign in to.
    if (code === undefined || (own && found?.session.kind === 'browser')) return { made: undefined, maker: found }
    const made = await bridge.madeFor(code)
    // SECURITY(replace: made === undefined ? found : await sessions.findUnder(made.session) → found): an app redeems without a cookie what was typed in its web view. Test: that is typed on a screen gets an app nothing, whoever redeems the code
    const maker = made === undefined ? found : await sessions.findUnder(made.session)
    if (made !== undefined && maker === undefined) throw new Error('the session is over')
    return { made, maker }
  }

  /** Whom a code of a screen signs in: chosen by us, or by whoever has typed a password there. Undefined where anybody may be. */
  async function userOnScreen({ maker, made }: Origin, { access_token }: Tokens) {
    if (maker === undefined || maker.session.kind === 'browser' || parts.screenAdmin) return undefined
    return made?.userId === undefined ? parts.client.self(access_token) : { id: made.userId, admin: false }
  }

  /** Keeps what came, before anybody gets it. */
  async function keep({ asked, form, tokens, maker, userId }: Coming): Promise<void> {
    const id = refreshTokenIdOf(tokens.access_token)
    const marks = [tokens.refresh_token, ...(id === undefined ? [] : [id])]
    const credential = { secret: tokens.refresh_token, ...(id !== undefined && { id }), ...(userId && { userId }) }
    const native = () => maker && natives.admit(tokens.refresh_token, maker.session, asked.place, asked.head.userAgent)
    const holder = isCompanion(form.get('client_id')) ? await native() : asked.found
    if (holder !== undefined) await inside.keep(holder, credential, marks)
  }

  /** Whoever signs out in Home Assistant is signed out here. */
  async function endWith({ found }: Asked, form: TokenForm | undefined, status: number): Promise<undefined> {
    const text = form?.get('token')
    const owner = text === undefined ? undefined : await inside.markOf(app, text)
    const own = owner !== undefined && (owner === found?.key || (await natives.find(owner)) !== undefined)
    if (status !== 200 || !own) return
    await sessions.end(owner, 'signed-out')
    log.notice('session_ended', { app, reason: 'signed-out' })
  }

  const token: Rule = {
    open: true,
    readsBody: true,
    async answer(asked, body) {
      const form = formOf(asked, body)
      if (form === undefined) return refused('invalid_request')
      if (isRevoking(form)) {
        // SECURITY: a Home Assistant that has given up that action would take it for a question for tokens, which nobody has judged. Test: forms that two parsers could read differently reach nobody
        if (isRedeeming(form)) return refused('unsupported_grant_type')
        return undefined
      }
      return (await mayRedeem(asked, form)) ? undefined : refused('invalid_grant')
    },
    async observe(asked, body, { status, body: said }: Seen) {
      const form = formOf(asked, body) as TokenForm
      if (isRevoking(form)) return endWith(asked, form, status)
      const json = readJson(said)
      const code = form.get('code')
      if (status === 200 && isTokens(json)) {
        const tokens = json as Tokens
        const origin = await originOf(asked, form)
        const user = code === undefined ? undefined : await userOnScreen(origin, tokens)
        // SECURITY: a screen in the living room is everybody's. Test: an administrator's password, typed on a screen, opens nothing
        if (parts.signsIn && user?.admin === true) {
          await parts.client.revoke(tokens.refresh_token)
          log.notice('not_taken_in', { app, reason: 'admin' })
          return refused('invalid_grant')
        }
        await keep({ asked, form, tokens, maker: origin.maker, userId: user?.id })
      }
      // Later is too late for nobody, and the browser need not wait for another password hash.
      if (code !== undefined && status === 200)
        bridge.done(code).catch(() => log.notice('store_fault', { part: 'codes' }))
      return undefined
    },
  }

  const revoke: Rule = {
    open: true,
    readsBody: true,
    observe: async (asked, body, { status }: Seen) => endWith(asked, formOf(asked, body), status),
  }
  const login: Rule = {
    readsBody: true,
    async observe({ found }: Asked, _body, { status, body }: Seen) {
      const json = readJson(body)
      if (status === 200 && found !== undefined && isCode(json))
        await bridge.note((json as { result: string }).result, found)
      return undefined
    },
  }
  return { token, revoke, login }
}

/** What `/auth/revoke` is for, as clients of before say it (IndieAuth §6.3.5). */
const isRevoking = (form: TokenForm) => form.get('action') === 'revoke'

const isRedeeming = (form: TokenForm) => form.has('grant_type') || form.has('code') || form.has('refresh_token')

/** RFC 6749 §5.2. */
function refused(error: string): OwnAnswer {
  return { status: 400, type: 'application/json', body: JSON.stringify({ error }) }
}

/** The value of a field that stands once. */
export function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < fields.length; i += 2) if ((fields[i] as string).toLowerCase() === name) return fields[i + 1]
  return undefined
}
