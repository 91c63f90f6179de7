import { address, type Html, html } from './html.ts'
import { appList } from './me-apps.ts'
import { nearby, stillToDo } from './me-knocks.ts'
import { deviceName, say, sayText, words } from './messages.ts'
import { deviceLine, formToken, phonePage, youAre } from './phone.ts'
import { day, relative } from './time-words.ts'
import type { Lang, MeView, Page, ScreenRow } from './views.ts'
import { watchScript } from './watch-script.ts'

/**
 * Everything that a person has let in, each with one tap to sign it out. Forms post `token`, and `ref` for one row.
 * @param now milliseconds since the epoch
 */
export function mePage(lang: Lang, view: MeView, now: number): Page {
  const { me } = words(lang)
  const list = (heading: string, rows: ScreenRow[]): Html =>
    html`<h2>${heading}</h2>${rows.map((row) => card(lang, view, row, now))}`
  return phonePage(lang, {
    title: me.title,
    doorHost: view.doorHost,
    heading: html`${me.heading}`,
    ...(view.watch && { script: watchScript }),
    body: html`${view.watch && nearby(lang, view, view.watch)}
<a class="press first" href="${address(view.enterCode)}">${me.letIn}</a>
${view.owed.length > 0 && stillToDo(lang, view.owed)}
${view.screens.length > 0 ? list(me.screens, view.screens) : nothingYet(lang)}
${view.browsers.length > 0 && list(me.browsers, view.browsers)}
${view.apps.length > 0 && appList(lang, view.apps)}
<details><summary class="bad">${me.everything}</summary><form method="post" action="${address(view.revokeAll)}">${formToken(view.token)}
<p class="soft">${me.everythingText}</p><button class="press">${me.everythingYes}</button></form></details>
<form class="who" method="post" action="${address(view.signOut)}">${formToken(view.token)}
<span>${youAre(lang, view.person.name)}</span><button class="link">${me.signOutHere}</button></form>`,
  })
}

function nothingYet(lang: Lang): Html {
  const { me } = words(lang)
  return html`<div class="card gap"><strong>${me.empty}</strong><p class="soft">${me.emptyText}</p></div>`
}

function card(lang: Lang, view: MeView, row: ScreenRow, now: number): Html {
  const { me } = words(lang)
  const seen = row.onNow
    ? html`<span class="on">${me.onNow}</span>`
    : say(me.lastSeen, { when: relative(lang, row.lastSeen - now) })
  const when = row.until.kind === 'tonight' ? relative(lang, row.until.at - now) : day(lang, row.until.at, now)
  return html`<div class="card row">
${deviceLine(lang, row.device, seen)}
<div class="chips">${row.here && html`<span class="on">${me.here}</span>`}<span><bdi>${row.app}</bdi></span><span>${say(me.since, { when: day(lang, row.since, now) })}</span><span>${say(me.until[row.until.kind], { when })}</span></div>
<form method="post" action="${address(view.revoke)}">${formToken(view.token)}<input type="hidden" name="ref" value="${row.ref}">
<button class="link bad" aria-label="${sayText(me.signOutName, { device: deviceName(lang, row.device) })}">${me.signOut}</button></form></div>`
}
