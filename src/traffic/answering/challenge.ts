import type { ScreenFacts } from '../../screens/screen.ts'
import type { App } from '../app.ts'
import type { ChallengeForm } from '../decide.ts'
import type { AppExchange } from '../exchange.ts'
import type { TrafficParts } from '../parts.ts'
import type { Head } from '../reading/head.ts'
import { readTarget } from '../reading/target.ts'
import { pageAnswer, problemAnswer, send, textAnswer } from './answer.ts'
import { signedOutWorker } from './service-worker.ts'

/** Answers that somebody has to sign in first: in place, at the app's own path, and never with a redirect (ADR 4). */
export type Challenge = (exchange: AppExchange, how: ChallengeForm, why: string) => void

type ChallengeParts = Pick<TrafficParts, 'clock' | 'pages' | 'startLink' | 'classify' | 'publicScheme'>

const title = 'Sign in first'

/** Challenges in the form that each client can use. */
export function createChallenge(parts: ChallengeParts): Challenge {
  const { clock, pages } = parts

  function page(exchange: AppExchange) {
    const { app, head, target } = exchange
    const screen = parts.classify(screenFacts(head))
    // A link for nobody is noise in the logs of whoever follows it.
    if (screen.kind === 'bot') return text(exchange)
    const lang = pages.chooseLang(head.acceptLanguage)
    const link = parts.startLink(app, target.text)
    // A web view shows its own error instead of the body of a 401.
    const status = screen.class === 'webview' ? 200 : 401
    send(exchange, clock, pageAnswer(status, pages.challenge(lang, { link, title: app.title }), authenticate(app)))
  }

  function notSaved(exchange: AppExchange) {
    const { app, head } = exchange
    const link = parts.startLink(app, refererTarget(app, head.referer))
    const shown = pages.message(pages.chooseLang(head.acceptLanguage), {
      kind: 'not-saved',
      params: { app: app.title },
      actions: [{ label: 'sign-in', href: link }],
    })
    send(exchange, clock, pageAnswer(401, shown, authenticate(app)))
  }

  function text(exchange: AppExchange) {
    send(exchange, clock, textAnswer(401, `Sign in first: ${exchange.app.origin}/`, authenticate(exchange.app)))
  }

  /** Where the form stood, when it was on this app and can be asked for again. */
  function refererTarget(app: App, referer: string | undefined): string {
    if (referer === undefined || !referer.startsWith(`${app.origin}/`)) return '/'
    const target = readTarget(referer.slice(app.origin.length), parts.publicScheme, app.authority)
    return 'fault' in target || target.reserved ? '/' : target.text
  }

  return (exchange, how, why) => {
    const { app } = exchange
    exchange.decision = 'challenge'
    exchange.reason = `${why} ${how}`
    switch (how) {
      case 'page':
        return page(exchange)
      case 'not-saved':
        return notSaved(exchange)
      case 'worker':
        return send(exchange, clock, {
          status: 200,
          type: 'text/javascript; charset=utf-8',
          // The app may have registered its worker for a wider scope than its folder.
          headers: ['Service-Worker-Allowed', '/'],
          body: signedOutWorker,
        })
      case 'json': {
        const problem = { status: 401, title, code: 'sign-in', login: `${app.origin}/` }
        return send(exchange, clock, problemAnswer(problem, authenticate(app)))
      }
      case 'text':
        return text(exchange)
    }
  }
}

/** RFC 9110 §11.6.1, with a scheme of our own: no engine shows a dialog for it. */
function authenticate(app: App): string[] {
  return ['WWW-Authenticate', `Entryphone realm="${app.name.replace(/[^\w.-]/g, '-')}"`]
}

function screenFacts(head: Head): ScreenFacts {
  return {
    userAgent: head.userAgent,
    requestedWith: head.requestedWith,
    platformHint: head.platformHint,
    modelHint: head.modelHint,
    formFactorsHint: head.formFactorsHint,
  }
}
