import { document } from './document.ts'
import { address, type Html, html } from './html.ts'
import { mark } from './icons.ts'
import { deviceWords, say, sayText, words } from './messages.ts'
import { focusScript } from './screen-script.ts'
import { screenStyle } from './screen-style.ts'
import type { Lang, Page, ScreenView } from './views.ts'

type Ended = Extract<ScreenView, { state: 'denied' | 'expired' | 'cookies-blocked' | 'unknown' }>

/** A television whose login came to an end: what happened, and one press to go on. Nothing happens by itself. */
export function screenEndPage(lang: Lang, view: Ended): Page {
  const { screen, screenEnd } = words(lang)
  const text = screenEnd[view.state]
  const device = deviceWords(lang, view.device.kind)
  const app = html`<b><bdi>${view.app}</bdi></b>`
  return document({
    lang,
    title: sayText(text.title, { ...device, app: view.app }),
    style: screenStyle(),
    script: focusScript,
    bodyClass: view.device.kind === 'ereader' ? 'paper' : '',
    body: html`
<div class="page"><div class="words end">
<div class="place">${mark}${view.place}</div>
<h1>${say(text.title, device)}</h1>
<p role="alert">${say(text.text, { ...device, app })}</p>
${onward(view, text.again)}
<form method="post" action="${address(view.elsewhere)}"><button class="press">${sayText(screen.elsewhere, device)}</button></form>
</div></div>`,
  })
}

/** A login that still exists is told to begin anew; where there is none, a link begins one. */
function onward(view: Ended, label: string): Html {
  const again = address(view.again)
  if (view.state === 'denied' || view.state === 'expired') {
    return html`<form method="post" action="${again}"><button class="press first" id="first" autofocus>${label}</button></form>`
  }
  return html`<div class="go"><a class="press first" id="first" href="${again}">${label}</a></div>`
}
