import { enterScript } from './enter-script.ts'
import { address, html } from './html.ts'
import type { EnterView } from './inside-views.ts'
import { say, sayText, words } from './messages.ts'
import { plainPage } from './plain.ts'
import type { Lang, Page } from './views.ts'

/**
 * Takes a browser into the app: asks by POST, with what the app has left in this browser's storage, writes the answer
 * there and goes on with the fragment that only the browser knows. The answer never stands in a page or an address.
 */
export function enterPage(lang: Lang, view: EnterView): Page {
  const { enter } = words(lang)
  return plainPage(lang, {
    title: sayText(enter.title, { app: view.app }),
    place: view.place,
    heading: html`${say(enter.heading, { app: html`<bdi>${view.app}</bdi>` })}`,
    script: enterScript,
    body: html`
<p>${enter.text}</p><noscript><p>${say(enter.noScript, { app: html`<bdi>${view.app}</bdi>` })}</p></noscript>
<div class="acts" id="in" data-post="${address(view.post)}" data-reads="${view.reads.join(' ')}"></div>`,
  })
}
