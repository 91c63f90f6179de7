import { address, html } from './html.ts'
import { deviceWords, say, sayText, words } from './messages.ts'
import { plainPage } from './plain.ts'
import { screenScript } from './screen-script.ts'
import type { Lang, Page, ScreenView } from './views.ts'

type Webview = Extract<ScreenView, { state: 'webview' }>

/**
 * For a companion app that shows pages in itself: nobody can scan the screen they hold, so a link leads to the real
 * browser, where they are known. This page waits like a television and goes on by itself.
 */
export function webviewPage(lang: Lang, view: Webview): Page {
  const { webview, screen } = words(lang)
  const app = { app: view.app }
  return plainPage(lang, {
    title: sayText(webview.title, app),
    place: view.place,
    heading: say(webview.heading, { app: html`<bdi>${view.app}</bdi>` }),
    script: screenScript + askForBundle,
    refresh: html`<noscript><meta http-equiv="refresh" content="5"></noscript><meta http-equiv="refresh" content="300">`,
    body: html`
<p>${say(webview.text, deviceWords(lang, view.device.kind))}</p>
<p class="code" dir="ltr" translate="no">${view.userCode}</p>
<p class="hint">${webview.same}</p>
<div class="acts"><div><a class="press first" id="first" href="${address(view.open)}" target="_blank" rel="noopener">${webview.open}</a></div>
<form method="post" action="${address(view.elsewhere)}"><button class="press">${webview.elsewhere}</button></form></div>
<p class="hint" id="status" role="status" aria-live="polite" data-self="${address(view.self)}" data-wait="${address(view.wait.url)}"
data-seen="${view.wait.seen}" data-mode="waiting" data-waiting="${webview.waiting}" data-opened="${webview.opened}"
data-going="${sayText(screen.going, app)}" data-lost="${screen.lost}"><span id="say">${webview.waiting}</span></p>`,
  })
}

/** One shell hides what it loads, and calls it an error after ten seconds, until a script of such a name is asked for. */
const askForBundle = `
try{var shell=new XMLHttpRequest();shell.open('GET','/.entryphone/auth/main.shell.bundle.js');shell.send()}catch(e){}`
