import type { Clock } from '../lib/clock.ts'
import { SECOND, within } from '../lib/clock.ts'
import type { Asked, Holder, RecipeGate, Rule } from '../recipes/recipe.ts'
import { judge } from '../sessions/allow.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import { send } from './answering/answer.ts'
import type { Refuse } from './answering/refuse.ts'
import { speak } from './answering/speak.ts'
import { foreignness } from './decide.ts'
import type { AppExchange } from './exchange.ts'
import type { Forwarding } from './forwarding/forwarding.ts'
import { HELD_BYTES } from './forwarding/hold.ts'
import type { FirstWord } from './forwarding/tunnel.ts'
import type { Passage } from './passage.ts'
import { readSmallBody } from './reading/small-body.ts'

/** What the app's recipe makes of one request: facts for the decision, and what it does afterwards. */
export type Consulted = { asked: Asked; rule: Rule | undefined; holder: Holder }

/** What the step needs. */
export type RecipeStepParts = {
  clock: Clock
  gates: ReadonlyMap<string, RecipeGate>
  forwarding: Forwarding
  refuse: Refuse
  /** The exchange is over, the connection is not. */
  switched(exchange: AppExchange): void
}

/** The recipes' part in a request: consulted before the decision, and acting after it. */
export type RecipeStep = {
  /** Undefined, and no promise, for an app without one. `found` is what the cookie opens. */
  consult(exchange: AppExchange, found: FoundSession | undefined): Consulted | Promise<Consulted> | undefined
  /** Does what the rule says with a request that may pass; undefined where it says nothing. */
  act(exchange: AppExchange, passage: Passage, consulted: Consulted): Promise<void> | undefined
}

const nobody: Holder = { kind: 'nobody' }
const nothing = Buffer.alloc(0)
/** What fits is small, and there in one piece. */
const BODY_MS = 30 * SECOND

/** The step for all apps of a gateway. */
export function createRecipeStep({ clock, gates, forwarding, refuse, switched }: RecipeStepParts): RecipeStep {
  function consult(exchange: AppExchange, found: FoundSession | undefined) {
    const { app, head, target, req, place } = exchange
    const gate = gates.get(app.name)
    if (gate === undefined) return undefined
    const webSocket = exchange.upgrade !== undefined
    const mine = found !== undefined && cookieCounts({ app, head, webSocket }, found) ? found : undefined
    const asked: Asked = { head, target, fields: req.rawHeaders, place, webSocket, found: mine }
    const ruled = gate.ruleOf(asked)
    if (ruled?.hidesPath === true) exchange.hidden = true
    // SECURITY(replace: webSocket && !saysSockets(ruled) → false): some apps open a socket at any path, and nobody meant this one. Test: what a recipe leaves open is open to no handshake, unless it speaks of sockets
    const rule = webSocket && !saysSockets(ruled) ? undefined : ruled
    const token = gate.tokenOf(asked)
    if (token === undefined) return { asked, rule, holder: nobody }
    const holder = gate.holderOf(token, asked)
    return holder instanceof Promise
      ? holder.then((later) => ({ asked, rule, holder: later }))
      : { asked, rule, holder }
  }

  function act(exchange: AppExchange, passage: Passage, { asked, rule }: Consulted): Promise<void> | undefined {
    if (rule === undefined || passage.by === 'preflight') return undefined
    const mine = { ...asked, found: passage.found }
    const { after } = rule
    if (after !== undefined) exchange.res.once('close', () => after(mine))
    if (exchange.upgrade !== undefined)
      return rule.socket || rule.first ? talk(exchange, passage, mine, rule) : undefined
    return rule.answer || rule.observe ? answer(exchange, passage, mine, rule) : undefined
  }

  async function talk(exchange: AppExchange, passage: Passage, asked: Asked, rule: Rule) {
    const messages = await rule.socket?.(asked)
    if (exchange.socket.destroyed) return
    if (messages === undefined)
      return forwarding.send(exchange, passage, rule.first && firstWord(exchange, passage, asked, rule.first))
    exchange.decision = 'answer'
    speak(exchange, messages, clock)
    switched(exchange)
  }

  function firstWord(
    { app }: AppExchange,
    passage: Passage,
    asked: Asked,
    { holderOf, no }: NonNullable<Rule['first']>,
  ): FirstWord {
    return {
      no,
      async judge(message) {
        const holder = await holderOf(message, asked)
        if (holder.kind === 'refused') return undefined
        if (holder.kind === 'nobody') return passage
        // SECURITY(replace: judge(app.allow, holder.of).allowed → true): see `decide`. Test: where Home Assistant is for some, a bearer counts for its user's person alone, on a socket too
        if (holder.kind === 'app') return judge(app.allow, holder.of).allowed ? passage : undefined
        const { session } = holder.found
        const mayOpen = session.app === app.name && judge(app.allow, session.approvedBy).allowed
        return mayOpen ? { by: 'device', found: holder.found } : undefined
      },
    }
  }

  async function answer(exchange: AppExchange, passage: Passage, asked: Asked, rule: Rule) {
    const { socket } = exchange
    const body =
      rule.readsBody === true ? await within(clock, BODY_MS, readBody(exchange), 'stalled' as const) : nothing
    if (body === undefined) return refuse(exchange, 'body-too-long', 'body-too-long')
    // SECURITY: strangers may send some of these, and would hold them for ever. Test: whoever does not go on with a body that a recipe reads is let go
    if (body === 'stalled') return refuse(exchange, 'upload-stalled', 'upload-stalled')
    const own = await rule.answer?.(asked, body)
    if (socket.destroyed) return
    if (own !== undefined) {
      exchange.decision = 'answer'
      return send(exchange, clock, own)
    }
    if (rule.observe === undefined && rule.readsBody !== true) return forwarding.send(exchange, passage)
    const held = await forwarding.hold(exchange, passage, body)
    if (held === undefined) return
    const instead = await rule.observe?.(asked, body, held.seen)
    if (socket.destroyed) return
    if (instead === undefined) return held.pass()
    exchange.decision = 'answer'
    send(exchange, clock, instead)
  }

  return { consult, act }
}

function saysSockets(rule: Rule | undefined): boolean {
  return rule?.socket !== undefined || rule?.first !== undefined
}

function readBody({ req, res, head }: AppExchange): Promise<Buffer | undefined> {
  if (head.expect !== undefined) res.writeContinue()
  return readSmallBody(req, HELD_BYTES)
}

/** Whether the cookie's session stands for somebody here, as `decide` will judge it. */
function cookieCounts(facts: Parameters<typeof foreignness>[0] & Pick<AppExchange, 'app'>, { session }: FoundSession) {
  const { app } = facts
  return session.app === app.name && foreignness(facts) === undefined && judge(app.allow, session.approvedBy).allowed
}
