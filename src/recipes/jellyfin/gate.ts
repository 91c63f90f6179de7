import { MINUTE, SECOND } from '../../lib/clock.ts'
import { judge } from '../../sessions/allow.ts'
import { isNavigation } from '../../traffic/answering/answer-form.ts'
import type { App } from '../../traffic/app.ts'
import type { Asked, OwnAnswer, RecipeGate, Rule } from '../recipe.ts'
import type { RecipeParts, SignInSettings } from '../registry.ts'
import { readBegun, readPassing } from './answers.ts'
import { withWayBack } from './branding.ts'
import type { JellyfinClient } from './client.ts'
import { comeBackInstead, isPieceOfPage } from './come-back.ts'
import type { Holders } from './holders.ts'
import type { Waiting } from './knocks.ts'
import { createLeases } from './leases.ts'
import { createCrowd } from './password-tries.ts'
import { type ProofCodes, valueIn } from './proof-codes.ts'
import { routeOf } from './route.ts'
import type { TakeIn } from './taking-in.ts'
import { tokenIn } from './token-places.ts'

type GateParts = Pick<RecipeParts, 'clock' | 'log' | 'inside' | 'sessions'> & {
  app: App
  options: SignInSettings['options']
  /** People are signed in inside. */
  signsIn: boolean
  client: JellyfinClient
  holders: Holders
  waiting: Waiting
  proofs: ProofCodes
  takeIn: TakeIn
}

/** Our page that takes a browser in, below the reserved prefix. */
const ENTER = '/.entryphone/auth/enter'

/** By a user's id: an older way to sign in with a password. */
const WITH_PASSWORD = /^\/users\/[^/]+\/authenticate$/

/** Pictures, which native apps and Jellyfin's own pages fetch without a token (Jellyfin: ImageController.cs). */
const PICTURE =
  /^\/(?:(?:items|artists|genres|musicgenres|persons|studios|users)\/[^/]+\/images\/[^/]+(?:\/[^/]+)*|userimage)$/

/** What is special about requests to Jellyfin. Everything that is not in here needs a session or a good token. */
export function createGate(parts: GateParts): RecipeGate {
  const { app, options, signsIn, inside, waiting, proofs, takeIn, holders, client, clock } = parts
  const leases = createLeases(clock)
  const isCrowded = createCrowd(clock)
  const picture: Rule = { open: true }

  const begin: Rule = {
    open: true,
    readsBody: true,
    answer: async ({ place }) => tooMany(waiting.take(place)),
    async observe({ found, place }, _body, { status, body }) {
      const begun = status === 200 ? readBegun(readPassing(body)) : undefined
      // Who has a session is in already, and lets nobody else in by it.
      if (begun !== undefined && found === undefined && signsIn) await waiting.note(begun, place)
      return undefined
    },
  }

  /** How a native app asks whether it has been let in, every few seconds. */
  const look: Rule = {
    open: true,
    answer: async ({ target }) =>
      (await waiting.isRefused(valueIn(target.text, 'secret'))) ? unknownSecret : undefined,
  }

  /** By name and password, without a session only where the operator says so. */
  const byName: Rule = {
    open: options.passwordSignIn,
    readsBody: true,
    answer: async ({ found, place }) => (found === undefined && isCrowded(place) ? tooMany(MINUTE) : undefined),
  }

  /** Quick Connect inside Jellyfin: whoever is in approves the code of another device. */
  const approve: Rule = {
    async answer({ found, target }) {
      if (!signsIn || found === undefined || found.session.kind === 'browser') return undefined
      // SECURITY: what a screen lets in would outlive it. Test: neither a screen nor a native app lets another device in
      if (!(await proofs.has(valueIn(target.text, 'code')))) return onlyFromPhone
      return undefined
    },
  }

  const document: Rule = {
    async answer({ head, found }) {
      if (!signsIn || found === undefined || found.session.kind === 'native' || !isNavigation(head)) return undefined
      const held = await inside.of(found.key)
      if (held !== undefined && (held.declined || held.credentials.length > 0)) return undefined
      return { status: 302, type: 'text/plain; charset=utf-8', body: '', headers: ['Location', ENTER] }
    },
  }

  const withPassword: Rule = { ...byName, observe: takeIn }

  const rules = new Map<string, Rule>([
    ['GET /', document],
    ['GET /web', document],
    ['GET /web/index.html', document],
    // What clients ask before they have a token.
    ['GET /system/info/public', { open: true }],
    ['GET /system/ping', { open: true }],
    ['POST /system/ping', { open: true }],
    ['GET /branding/css', { open: true }],
    ['GET /branding/css.css', { open: true }],
    ['GET /web/manifest.json', { open: true }],
    ['GET /quickconnect/enabled', { open: true }],
    ['GET /quickconnect/connect', look],
    ['POST /quickconnect/authorize', approve],
    ['GET /quickconnect/initiate', begin],
    ['POST /quickconnect/initiate', begin],
    ['POST /users/authenticatewithquickconnect', { open: true, readsBody: true, observe: takeIn }],
    ['GET /branding/configuration', { open: true, answer: wayBack }],
    // Who lives here is nobody's business.
    ['GET /users/public', { open: true, answer: async ({ found }) => (found === undefined ? nobodyHere : undefined) }],
    ['POST /users/authenticatebyname', withPassword],
    ['POST /users/forgotpassword', byName],
    ['POST /users/forgotpassword/pin', byName],
    ['POST /sessions/logout', { after: signedOut }],
  ])

  async function wayBack(asked: Asked): Promise<OwnAnswer | undefined> {
    const { fetchSite, referer } = asked.head
    const isPage =
      asked.found !== undefined || fetchSite === 'same-origin' || referer?.startsWith(`${app.origin}/`) === true
    // Whatever goes wrong there is Jellyfin's to say.
    return signsIn && isPage ? withWayBack(client, asked, ENTER).catch(() => undefined) : undefined
  }

  /** Whoever signs out there is signed out here. */
  function signedOut({ found }: Asked): void {
    if (found === undefined) return
    void parts.sessions.end(found.key, 'signed-out')
    parts.log.notice('session_ended', { app: app.name, kind: found.session.kind, reason: 'signed-out' })
  }

  function ruleOf({ head, target, place, found, webSocket }: Asked): Rule | undefined {
    // SECURITY: Jellyfin opens a socket at any path, by a token that an open path does not look at. Test: is opened at no other path by a token that opens none at its own
    if (webSocket) return undefined
    const method = head.method === 'HEAD' ? 'GET' : head.method
    const route = routeOf(target.path)
    const rule = rules.get(`${method} ${route}`)
    if (rule !== undefined) return rule
    if (method !== 'GET') return WITH_PASSWORD.test(route) ? withPassword : undefined
    if (found === undefined && isPieceOfPage(route, head)) return comeBackInstead
    if (!options.imagesByAddress) return undefined
    return PICTURE.test(route) && leases.isFresh(place) ? picture : undefined
  }

  let last: { asked: Asked; rule: Rule | undefined } | undefined

  return {
    ruleOf(asked) {
      const rule = ruleOf(asked)
      last = { asked, rule }
      return rule
    },
    tokenOf(asked) {
      const rule = last?.asked === asked ? last.rule : ruleOf(asked)
      // Where nobody needs one, an old one in the hands of a client must not keep it from beginning anew.
      return rule?.open === true ? undefined : tokenIn(asked)
    },
    holderOf(token, asked) {
      const holder = holders(token, asked)
      if (!options.imagesByAddress) return holder
      const noted = (judged: Awaited<typeof holder>) => {
        // SECURITY(replace: judge(app.allow, judged.of).allowed → true): pictures are for whoever may come in. Test: where the app is for some, a user of Jellyfin whom nobody knows here gets nothing by a token, and no pictures
        const counts = judged.kind === 'app' && judge(app.allow, judged.of).allowed
        if (judged.kind === 'device' || counts) leases.renew(asked.place)
        return judged
      }
      return holder instanceof Promise ? holder.then(noted) : noted(holder)
    },
  }
}

const onlyFromPhone: OwnAnswer = {
  status: 403,
  type: 'text/plain; charset=utf-8',
  body: 'A screen lets nobody else in: do that on your phone\n',
}
/** As Jellyfin says it of one that is over (Jellyfin: QuickConnectController.cs). */
const unknownSecret: OwnAnswer = { status: 404, type: 'application/json; charset=utf-8', body: '"Unknown secret"' }
const nobodyHere: OwnAnswer = { status: 200, type: 'application/json; charset=utf-8', body: '[]' }

function tooMany(waitMs: number): OwnAnswer | undefined {
  if (waitMs <= 0) return undefined
  const headers = ['Retry-After', String(Math.ceil(waitMs / SECOND))]
  return { status: 429, type: 'text/plain; charset=utf-8', body: 'Too many attempts\n', headers }
}
