import { document } from './document.ts'
import { address, type Html, html, raw } from './html.ts'
import { mark } from './icons.ts'
import { deviceWords, say, sayText, words } from './messages.ts'
import { screenEndPage } from './screen-end.ts'
import { screenScript } from './screen-script.ts'
import { screenStyle } from './screen-style.ts'
import type { Lang, Page, ScreenView } from './views.ts'
import { webviewPage } from './webview.ts'

type Waiting = Extract<ScreenView, { state: 'waiting' }>

/** The page on the television, in each of its states. Complete without script; research: src/pages/screen-style.ts. */
export function screenPage(lang: Lang, view: ScreenView): Page {
  switch (view.state) {
    case 'waiting':
      return waitingPage(lang, view)
    case 'webview':
      return webviewPage(lang, view)
    default:
      return screenEndPage(lang, view)
  }
}

function waitingPage(lang: Lang, view: Waiting): Page {
  const { screen } = words(lang)
  const app = html`<b><bdi>${view.app}</bdi></b>`
  const typed = { host: `${view.doorHost}/d`, code: view.userCode }
  const spelled = view.userCode.split('').join(' ')
  return document({
    lang,
    title: sayText(view.opened ? screen.openedTitle : screen.title, { app: view.app }),
    style: screenStyle(view.qr.modules),
    script: screenScript,
    refresh: refresh(view),
    bodyClass: view.device.kind === 'ereader' ? 'paper' : '',
    body: html`
<div class="page ${view.opened ? 'opened' : 'waiting'}" id="page"><div class="words${headingSize(view.app)}">
<div class="place">${mark}${view.place}</div>
<h1 id="first" tabindex="-1">${say(screen.heading, { app })}<br>${screen.headingThen}</h1>
<div class="panel"><div class="middle"><div class="cell">
<div class="card"><img class="qr" src="${address(view.qr.src)}" alt="${sayText(screen.qrAlt, typed)}">
<div class="host" dir="ltr">${view.doorHost}</div></div>
${statusLine(lang, view)}
${byHand(lang, view)}
</div></div></div>
<ol><li class="did"><span class="n">1</span>${screen.steps.scan}</li>
<li class="did"><span class="n">2</span>${screen.steps.tap}</li>
<li><span class="n">3</span>${screen.steps[view.approvedAt === 'door' ? 'yes' : 'yesThere']}</li></ol>
<div class="other">${say(screen.noCamera, { host: html`<b dir="ltr">${typed.host}</b>` })}
<div class="code" dir="ltr" translate="no" role="img" aria-label="${spelled}">${view.userCode}</div></div>
<form method="post" action="${address(view.elsewhere)}"><button class="press">${sayText(screen.elsewhere, deviceWords(lang, view.device.kind))}</button></form>
</div></div>`,
  })
}

/** The column holds a heading of three lines; a name that fills more is set smaller. */
function headingSize(app: string): string {
  if (app.length > 28) return ' longest'
  return app.length > 15 ? ' long' : ''
}

function statusLine(lang: Lang, view: Waiting): Html {
  const { screen } = words(lang)
  const app = { app: view.app }
  return html`<p class="status" id="status" role="status" aria-live="polite" data-self="${address(view.self)}"
data-wait="${address(view.wait.url)}" data-seen="${view.wait.seen}" data-mode="${view.opened ? 'opened' : 'waiting'}"
data-waiting="${screen.waiting}" data-waiting-title="${sayText(screen.title, app)}"
data-opened="${screen.opened}" data-opened-title="${sayText(screen.openedTitle, app)}"
data-going="${sayText(screen.going, app)}" data-going-title="${sayText(screen.going, app)}"
data-lost="${screen.lost}"><i class="dot"></i><span id="say">${view.opened ? screen.opened : screen.waiting}</span></p>`
}

/**
 * Without script the page looks after itself every 5 s, unless it was asked not to (WCAG F41). The second declaration
 * is a watchdog for scripts that die on the way; with a living script the page never gets that old.
 */
function refresh(view: Waiting): Html {
  const often = raw('<noscript><meta http-equiv="refresh" content="5"></noscript>')
  const seldom = raw('<meta http-equiv="refresh" content="300">')
  return html`${!isStill(view) && often}${seldom}`
}

/** Only without script: the way to stop the page from looking after itself, and then to look oneself. */
function byHand(lang: Lang, view: Waiting): Html {
  const { screen } = words(lang)
  const still = `${view.self}${view.self.includes('?') ? '&' : '?'}still`
  const [label, href] = isStill(view) ? [screen.check, view.self] : [screen.stop, still]
  return html`<noscript><p class="by-hand"><a href="${address(href)}">${label}</a></p></noscript>`
}

const isStill = (view: Waiting): boolean => /[?&]still\b/.test(view.self)
