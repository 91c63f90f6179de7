import { isNavigation } from '../../traffic/answering/answer-form.ts'
import type { App } from '../../traffic/app.ts'
import type { Asked, RecipeGate, Rule } from '../recipe.ts'
import type { RecipeParts } from '../registry.ts'
import { type AuthorizeRequest, pageOf, readAuthorizeRequest, withCode } from './authorize-request.ts'
import type { Bearers } from './bearers.ts'
import type { Bridge } from './bridge.ts'
import { routeOf } from './route.ts'
import { fieldOf } from './token-rules.ts'
import type { Webhooks } from './webhooks.ts'

type GateParts = Pick<RecipeParts, 'inside' | 'pages'> & {
  app: App
  bridge: Bridge | undefined
  bearers: Bearers
  webhooks: Webhooks
  token: Rule
  revoke: Rule
  login: Rule
  socket: Rule
}

/** Where its own page sends what people type; whom it trusts for their address gets a code at the first step. */
const LOGIN_STEP = /^\/auth\/login_flow(?:\/\w+)?$/

/** What is special about requests to Home Assistant. Everything that is not in here needs a session. */
export function createGate({ app, bridge, bearers, webhooks, inside, pages, ...rules }: GateParts): RecipeGate {
  const { origin } = app
  const byPath = new Map<string, Rule>([
    ['POST /auth/token', rules.token],
    ['POST /auth/revoke', rules.revoke],
    ['POST /api/mobile_app/registrations', webhooks.registration],
    // Its apps ask by this whether Home Assistant is there at all.
    ['GET /manifest.json', { open: true }],
  ])
  const webhook: Rule = { hidesPath: true }
  const listed: Rule = { ...webhook, open: true }
  const isOurs = (from: string | undefined) => from === undefined || from.toLowerCase() === origin

  const authorize: Rule = {
    async answer({ found, target, place }) {
      const request = readAuthorizeRequest(target.text, origin)
      if (request === undefined || found === undefined || bridge === undefined) return undefined
      if (request.kind === 'companion') return leadTo(pages.confirm(target.text))
      if ((await inside.of(found.key))?.declined === true) return undefined
      const coded = await bridge.codeFor(found, request, place)
      if ('code' in coded) return leadTo(withCode(request, coded.code))
      // People are told why, and may then sign in there by themselves.
      return coded.failed === 'asks-itself'
        ? undefined
        : leadTo(`${pages.enterFor(pageOf(request))}&failed=${coded.failed}`)
    },
  }

  function authorizeRule({ head, target, fields }: Asked): Rule | undefined {
    const destination = fieldOf(fields, 'sec-fetch-dest')
    // A frame is no place for it, of whatever kind. Behind Home Assistant's own worker the destination is empty.
    const isWhole = destination === undefined || destination === 'document' || destination === 'empty'
    if (isNavigation(head)) return isWhole ? authorize : undefined
    const request = readAuthorizeRequest(target.text, origin)
    // Its app for iOS looks, without cookies, whether the page is there before it shows it.
    return (request as AuthorizeRequest | undefined)?.kind === 'companion' ? { open: true } : undefined
  }

  return {
    ruleOf(asked) {
      const { head, target, webSocket } = asked
      const route = routeOf(target.path)
      // SECURITY(replace: isOurs(head.origin) → true): a page of another site could ask whether anybody is signed in. Test: a foreign page gets no socket
      if (webSocket) return route === '/api/websocket' ? { ...rules.socket, open: isOurs(head.origin) } : undefined
      if (head.method === 'GET' && route === '/auth/authorize') return authorizeRule(asked)
      const hook = webhooks.idIn(route)
      if (hook !== undefined) return webhooks.isListed(hook) ? listed : webhook
      // SECURITY: an id too short to pass by itself is still all that Home Assistant wants. Test: of a webhook that is short, listed or not, in whatever spelling, the id stands in no log
      if (route.startsWith('/api/webhook/')) return webhook
      if (head.method === 'POST' && LOGIN_STEP.test(route)) return rules.login
      return byPath.get(`${head.method} ${route}`)
    },
    tokenOf(asked) {
      const id = webhooks.idIn(routeOf(asked.target.path))
      if (id === undefined || asked.found !== undefined) return bearers.tokenOf(asked)
      return webhooks.isListed(id) ? undefined : `webhook ${id}`
    },
    holderOf(token, asked) {
      const id = webhooks.idIn(routeOf(asked.target.path))
      return id !== undefined && token === `webhook ${id}`
        ? webhooks.holderOf(id, asked.place)
        : bearers.holderOf(token, asked)
    },
  }
}

/** Never stored: the worker would keep it for everybody. */
function leadTo(location: string) {
  return { status: 302, type: 'text/plain; charset=utf-8', body: '', headers: ['Location', location] }
}
