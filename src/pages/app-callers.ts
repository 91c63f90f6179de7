import { address, type Html, html } from './html.ts'
import type { AppView, CallerRow } from './inside-views.ts'
import { say, sayText, words } from './messages.ts'
import { formToken } from './phone.ts'
import { relative } from './time-words.ts'
import type { Lang } from './views.ts'

/** Who calls an app without a sign-in, each with one tap to shut it out or to let it pass again. */
export function appCallers(lang: Lang, view: AppView, callers: NonNullable<AppView['callers']>, now: number): Html {
  const { heading, text } = words(lang).inside.callers
  return html`<h2 id="callers">${heading}</h2><p class="soft">${say(text, { app: html`<bdi>${view.app}</bdi>` })}</p>
${callers.rows.map((row) => card(lang, view.token, callers.action, row, now))}`
}

function card(lang: Lang, token: string, action: string, row: CallerRow, now: number): Html {
  const { inside, approve } = words(lang)
  const { callers } = inside
  const name = row.name || row.start
  const [does, label] = row.shut ? [callers.open, callers.openName] : [callers.shut, callers.shutName]
  return html`<div class="card row gap"><strong><bdi>${name}</bdi></strong>
<p class="soft">${row.shut && html`<b class="bad">${callers.isShut}</b> `}${say(callers.called, { when: relative(lang, row.calledAt - now) })}</p>
<div class="chips">${row.network !== 'unknown' && html`<span${row.network === 'same' && html` class="same"`}>${approve.network[row.network]}</span>`}<span dir="ltr" translate="no">${row.start}…</span></div>
<form method="post" action="${address(action)}">${formToken(token)}<input type="hidden" name="ref" value="${row.ref}">
<button class="link${!row.shut && ' bad'}" name="decision" value="${row.shut ? 'open' : 'shut'}" aria-label="${sayText(label, { name })}">${does}</button></form></div>`
}
