import { SECOND } from '../lib/clock.ts'
import { askScript } from './ask-script.ts'
import { address, html } from './html.ts'
import { deviceWords, say, sayText, words } from './messages.ts'
import { deviceLine, digitsLine, formToken, phonePage, youAre } from './phone.ts'
import { relative } from './time-words.ts'
import type { KnockFacts, Lang, Page } from './views.ts'

/** A native app that was found by its digits. */
export type KnockView = {
  doorHost: string
  person: { name: string }
  facts: KnockFacts
  form: { action: string; token: string }
}

/**
 * What the phone shows of a native app that asks: what it is, where and since when; then two answers of the same size.
 * Posts `token`, `knock`, `decision` (`approve` or `deny`), and `here=yes` where the network differs.
 */
export function knockPage(lang: Lang, { doorHost, person, facts, form }: KnockView): Page {
  const { approve, knocks } = words(lang)
  const device = deviceWords(lang, facts.device.kind)
  return phonePage(lang, {
    title: sayText(approve.title, device),
    doorHost,
    heading: say(approve.heading, device),
    script: askScript,
    body: html`
<div class="card">${deviceLine(lang, facts.device, say(approve.wants, { app: html`<bdi>${facts.app}</bdi>` }))}
<ul class="facts"><li><span>${knocks.client}</span><b><bdi>${facts.client}</bdi></b></li>
<li><span>${approve.asked}</span><b>${relative(lang, -facts.askedSecondsAgo * SECOND)}</b></li>
<li><span>${approve.where}</span><b class="${facts.network}">${approve.network[facts.network]}</b></li></ul>
${digitsLine(facts.digits)}<p class="soft centre">${say(knocks.sameDigits, device)}</p></div>
<form class="ask" method="post" action="${address(form.action)}">${formToken(form.token)}<input type="hidden" name="knock" value="${facts.knock}">
<p class="warn">${say(knocks.warning, device)}</p>
${facts.network === 'different' && html`<label class="tick"><input type="checkbox" name="here" value="yes" required>${say(approve.inFront, device)}</label>`}
<div class="two"><button class="press" name="decision" value="deny" formnovalidate>${approve.no}</button>
<button class="press first" name="decision" value="approve">${approve.yes}</button></div></form>
<p class="who"><span>${youAre(lang, person.name)}</span></p>`,
  })
}
