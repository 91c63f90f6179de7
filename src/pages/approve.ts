import { SECOND } from '../lib/clock.ts'
import { askScript } from './ask-script.ts'
import { address, type Html, html } from './html.ts'
import { deviceWords, say, sayText, words } from './messages.ts'
import { deviceLine, formToken, phonePage, youAre } from './phone.ts'
import { relative } from './time-words.ts'
import type { ApproveView, Lang, Page } from './views.ts'

/**
 * What the phone shows after the scan: what rings, what it wants, when and where; then two answers of the same size.
 * Posts `token`, `decision` (`approve`, `deny`, `sign-in` while nobody is signed in at the door, or `here` while the
 * provider's page asks), `stay` (`tonight`, `ours`, `until`), `until` (YYYY-MM-DD), `zone` (the phone's IANA time zone,
 * empty without script), and `here=yes` where the network differs.
 */
export function approvePage(lang: Lang, view: ApproveView): Page {
  const { approve } = words(lang)
  const device = deviceWords(lang, view.device.kind)
  return phonePage(lang, {
    title: sayText(approve.title, device),
    doorHost: view.doorHost,
    heading: say(approve.heading, device),
    script: askScript,
    body: html`
<div class="card">${deviceLine(lang, view.device, say(approve.wants, { app: html`<bdi>${view.app}</bdi>` }))}
<ul class="facts"><li><span>${approve.asked}</span><b>${relative(lang, -view.askedSecondsAgo * SECOND)}</b></li>
<li><span>${approve.where}</span><b class="${view.network}">${approve.network[view.network]}</b></li></ul>
<div class="code" dir="ltr" translate="no">${view.userCode}</div><p class="soft centre">${say(approve.sameLetters, device)}</p></div>
<form class="ask" method="post" action="${address(view.form.action)}">${formToken(view.form.token)}<input type="hidden" name="zone">
${view.upstream ? elsewhere(lang, view, view.upstream) : view.person ? answers(lang, view) : signIn(lang, view)}
</form>
${
  view.person &&
  html`<form class="who" method="post" action="${address(view.notYou)}">${formToken(view.form.token)}
<span>${youAre(lang, view.person.name)}</span><button class="link">${approve.notYou}</button></form>`
}`,
  })
}

function answers(lang: Lang, view: ApproveView): Html {
  const { approve } = words(lang)
  const device = deviceWords(lang, view.device.kind)
  const choices = (['tonight', 'ours', 'until'] as const).map(
    (stay) => html`<input type="radio" name="stay" value="${stay}" id="${stay}"${view.stay === stay && html` checked`}>
<label for="${stay}">${approve.stay[stay]}<small>${approve.stayHint[stay]}</small></label>`,
  )
  return html`<fieldset><legend>${approve.howLong}</legend><div class="stay">${choices}
<label class="day">${approve.untilDay}<input class="date" type="date" name="until" min="${view.until.min}" max="${view.until.max}" value="${view.until.min}"></label>
</div></fieldset>
<p class="warn">${say(approve.warning, device)}</p>
${view.network === 'different' && html`<label class="tick"><input type="checkbox" name="here" value="yes" required>${say(approve.inFront, device)}</label>`}
<div class="two"><button class="press" name="decision" value="deny" formnovalidate>${approve.no}</button>
<button class="press first" name="decision" value="approve">${approve.yes}</button></div>`
}

/** The provider's own page asks; ours leads there, or takes its place on a press. */
function elsewhere(lang: Lang, view: ApproveView, upstream: NonNullable<ApproveView['upstream']>): Html {
  const { approve } = words(lang)
  const device = deviceWords(lang, view.device.kind)
  const host = html`<bdi>${upstream.host}</bdi>`
  return html`<p class="warn">${say(approve.warning, device)}</p>
${
  upstream.link === undefined
    ? html`<p class="soft centre">${say(approve.upstream.silent, { host })}</p>`
    : html`<a class="press first" href="${address(upstream.link)}">${say(approve.upstream.go, { host })}</a>
<p class="soft centre">${upstream.typed && approve.upstream.type} ${upstream.comeBack && approve.upstream.comeBack}</p>`
}
<button class="press${upstream.link === undefined && ' first'}" name="decision" value="here">${approve.upstream.here}</button>
<p class="soft centre gap">${approve.ignore}</p>`
}

function signIn(lang: Lang, view: ApproveView): Html {
  const { approve } = words(lang)
  const device = deviceWords(lang, view.device.kind)
  return html`<p class="warn">${say(approve.warning, device)}</p>
<button class="press first" name="decision" value="sign-in">${say(approve.signIn, device)}</button>
<p class="soft centre">${approve.signInHint}</p>
<p class="soft centre gap">${approve.ignore}</p>`
}
