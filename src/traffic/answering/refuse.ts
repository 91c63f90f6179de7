import type { MessageKind, MessageView } from '../../pages/message-view.ts'
import type { Exchange } from '../exchange.ts'
import type { TrafficParts } from '../parts.ts'
import { passedMethods } from '../reading/wire.ts'
import { pageAnswer, problemAnswer, send, textAnswer } from './answer.ts'
import { answerForm } from './answer-form.ts'
import type { RefusalCode } from './refusals.ts'
import { refusals } from './refusals.ts'

/** Answers that a request goes no further, in the form that the client can use. `person`: the name of whoever is signed in. */
export type Refuse = (exchange: Exchange, code: RefusalCode, why: string, person?: string) => void

const needed: Partial<Record<RefusalCode, readonly string[]>> = {
  'method-not-allowed': ['Allow', passedMethods.join(', ')],
  'websocket-version': ['Sec-WebSocket-Version', '13', 'Upgrade', 'websocket'],
  'sessions-unavailable': ['Retry-After', '5'],
  'too-busy': ['Retry-After', '5'],
}

type RefuseParts = Pick<TrafficParts, 'clock' | 'pages' | 'signOutPath'>

/** Refusals in the form that each client can use. */
export function createRefuse({ clock, pages, signOutPath }: RefuseParts): Refuse {
  /** On an app's host with a way on: a television has no key for that. */
  function viewOf({ app, head, target }: Exchange, kind: MessageKind, person: string | undefined): MessageView {
    if (app === undefined) return { kind }
    if (person !== undefined) {
      return { kind, params: { app: app.title, person }, actions: [{ label: 'sign-out', href: signOutPath }] }
    }
    const href = head.method === 'GET' && target !== undefined ? target.text : '/'
    return { kind, params: { app: app.title }, actions: [{ label: 'try-again', href }] }
  }

  return (exchange, code, why, person) => {
    const { status, page, title } = refusals[code]
    const headers = needed[code] ?? []
    exchange.decision = 'refuse'
    exchange.reason = why === code ? code : `${code} ${why}`
    switch (answerForm(exchange.head)) {
      case 'page': {
        const lang = pages.chooseLang(exchange.head.acceptLanguage)
        return send(exchange, clock, pageAnswer(status, pages.message(lang, viewOf(exchange, page, person)), headers))
      }
      case 'json':
        return send(exchange, clock, problemAnswer({ status, title, code }, headers))
      case 'text':
        return send(exchange, clock, textAnswer(status, title, headers))
    }
  }
}
