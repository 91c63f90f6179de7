import { address, html } from './html.ts'
import type { AppConfirmView } from './inside-views.ts'
import { say, sayText, words } from './messages.ts'
import { formToken, phonePage } from './phone.ts'
import type { Lang, Page } from './views.ts'

/** "Are you Kim in Jellyfin?" Two answers of the same size. */
export function appConfirmPage(lang: Lang, view: AppConfirmView): Page {
  const { confirm } = words(lang).inside
  const app = html`<bdi>${view.app}</bdi>`
  const name = html`<bdi>${view.name}</bdi>`
  return phonePage(lang, {
    title: sayText(confirm.title, { name: view.name }),
    doorHost: view.doorHost,
    heading: say(confirm.heading, { app, name }),
    body: html`
<div class="card"><p>${say(confirm[view.use], { app, name: html`<b>${name}</b>` })}</p></div>
<p class="warn">${confirm.warning}</p>
<form class="two" method="post" action="${address(view.form.action)}">${formToken(view.form.token)}<input type="hidden" name="shown" value="${view.form.shown}">
<a class="press" href="${address(view.back)}">${confirm.no}</a>
<button class="press first">${view.use === 'own' ? confirm.yes : confirm.yesScreens}</button></form>`,
  })
}
