import { address, type Html, html } from './html.ts'
import { say, words } from './messages.ts'
import type { AppRow, Lang } from './views.ts'

/** Who somebody is inside each of their apps; a tap on one leads to its page. */
export function appList(lang: Lang, rows: readonly AppRow[]): Html {
  const { inside } = words(lang)
  return html`<h2>${inside.heading}</h2><div class="card links">${rows.map((row) => {
    const name = row.as === 'known' && html`<b><bdi>${row.name}</bdi></b>`
    return html`<a href="${address(row.href)}"><strong><bdi>${row.app}</bdi></strong><span class="${row.as === 'nobody' ? 'todo' : 'soft'}">${say(inside.row[row.as], { name })}</span>${row.callers && html`<span class="soft">. ${inside.row.callers}</span>`}</a>`
  })}</div>`
}
