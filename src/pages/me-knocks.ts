import { SECOND } from '../lib/clock.ts'
import { address, type Html, html } from './html.ts'
import { deviceName, deviceWords, say, sayText, words } from './messages.ts'
import { deviceLine, digitsLine, formToken } from './phone.ts'
import { relative } from './time-words.ts'
import type { KnockFacts, Lang, MeView } from './views.ts'

/** Native apps near by, each with one press to let it in, or to refuse it; a page that shows none yet waits for them. */
export function nearby(lang: Lang, { knocks, knock }: MeView, watch: NonNullable<MeView['watch']>): Html {
  return html`<div id="near" data-watch="${address(watch.url)}" data-seen="${watch.seen}">
${knocks.length > 0 && html`<h2>${words(lang).knocks.near}</h2>${knocks.map((facts) => card(lang, facts, knock))}`}</div>`
}

function card(lang: Lang, facts: KnockFacts, form: MeView['knock']): Html {
  const { approve, knocks } = words(lang)
  const device = deviceWords(lang, facts.device.kind)
  const when = relative(lang, -facts.askedSecondsAgo * SECOND)
  const named = (text: string) => sayText(text, { device: deviceName(lang, facts.device) })
  return html`<div class="card knock">
${deviceLine(lang, facts.device, say(knocks.wantsNear, { app: html`<bdi>${facts.app}</bdi>`, when }))}
${digitsLine(facts.digits)}<p class="warn">${say(knocks.question, device)}</p>
<form class="ask" method="post" action="${address(form.action)}">${formToken(form.token)}<input type="hidden" name="knock" value="${facts.knock}">
<div class="two"><button class="press" name="decision" value="deny" aria-label="${named(knocks.noName)}">${approve.no}</button>
<button class="press first" name="decision" value="approve" aria-label="${named(knocks.yesName)}">${approve.yes}</button></div></form></div>`
}

/** What apps have still to end. */
export function stillToDo(lang: Lang, owed: MeView['owed']): Html {
  const { knocks } = words(lang)
  const line = ({ app, device }: MeView['owed'][number]) =>
    html`<div class="card row last">${deviceLine(lang, device, say(knocks.owed, { app: html`<bdi>${app}</bdi>` }))}</div>`
  return html`<h2>${knocks.stillToDo}</h2>${owed.map(line)}`
}
