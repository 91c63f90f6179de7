import { enterScript } from './enter-script.ts'
import { address, html } from './html.ts'
import type { EnterFailedView } from './inside-views.ts'
import { say, sayText, words } from './messages.ts'
import { plainPage } from './plain.ts'
import type { Lang, Page } from './views.ts'

/**
 * Why a browser is not in the app, what to do on the phone, and the app as it is. What the phone can put right is noticed
 * here, so that nobody needs to press anything on a television.
 */
export function enterFailedPage(lang: Lang, view: EnterFailedView): Page {
  const { actions, messages, somebody } = words(lang)
  const { title, text } = messages[`enter-${view.failed}`]
  const values = {
    app: html`<bdi>${view.app}</bdi>`,
    person: html`<bdi>${view.person || somebody.person}</bdi>`,
    host: html`<b dir="ltr">${view.doorHost}</b>`,
  }
  return plainPage(lang, {
    title: sayText(title, { app: view.app }),
    place: view.place,
    heading: say(title, values),
    script: enterScript,
    body: html`
<p>${say(text, values)}</p>
<div class="acts" id="in" data-post="${address(view.post)}" data-reads="${view.reads.join(' ')}" data-again="${view.failed}">
<div><a class="press first" id="first" href="${address(view.post)}">${actions['try-again']}</a></div>
<form method="post" action="${address(view.asItIs)}"><button class="press">${sayText(actions['open-as-it-is'], { app: view.app })}</button></form></div>`,
  })
}
