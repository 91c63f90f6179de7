import { appCallers } from './app-callers.ts'
import { appWays } from './app-ways.ts'
import { address, type Html, html } from './html.ts'
import type { AppView } from './inside-views.ts'
import { say, sayText, words } from './messages.ts'
import { formToken, phonePage } from './phone.ts'
import { day } from './time-words.ts'
import type { Lang, Page } from './views.ts'

type Account = NonNullable<AppView['account']>

/**
 * Who somebody is inside an app, and how they say it or change it.
 * @param now milliseconds since the epoch
 */
export function appPage(lang: Lang, view: AppView, now: number): Page {
  const { inside } = words(lang)
  const { account } = view
  const app = html`<bdi>${view.app}</bdi>`
  const isNeeded = account === undefined || account.state === 'gone'
  return phonePage(lang, {
    title: sayText(inside.title, { app: view.app }),
    doorHost: view.doorHost,
    heading: say(account === undefined ? inside.who : inside.title, { app }),
    body: html`
${view.note && html`<p class="card note bad" role="alert">${say(inside.note[view.note], { app })}</p>`}
${account === undefined ? html`<p class="soft">${say(view.makes ? inside.willMake : inside.nobody, { app })}</p>` : card(lang, view, account, now)}
${isNeeded && appWays(lang, view, 'own')}
${account?.admin && screens(lang, view, account)}
${view.callers && appCallers(lang, view, view.callers, now)}
${account && !isNeeded && !account.fixed && html`<details><summary>${inside.another}</summary>${appWays(lang, view, 'own')}</details>`}
${account && !account.fixed && account.how !== 'created' && parting(lang, view)}
<p class="centre gap"><a class="link" href="${address(view.back)}">${inside.back}</a></p>`,
  })
}

function card(lang: Lang, view: AppView, account: Account, now: number): Html {
  const { inside } = words(lang)
  const app = html`<bdi>${view.app}</bdi>`
  const { state } = account
  return html`<div class="card"><strong class="name"><bdi>${account.name}</bdi></strong>
<div class="chips">${account.admin && html`<span class="lamp">${say(inside.looksAfter, { app })}</span>`}<span>${inside.how[account.how]}</span><span>${say(inside.since, { when: day(lang, account.at, now) })}</span></div>
${state !== 'here' && html`<p class="${state === 'unknown' ? 'soft' : 'bad'}">${say(inside.state[state], { app })}</p>`}
${account.fixed && html`<p class="soft">${inside.fixed}</p>`}
</div>`
}

/** An account that administers the app is for its person's own hands; here they give their screens another one. */
function screens(lang: Lang, view: AppView, account: Account): Html {
  const { inside } = words(lang)
  const app = html`<bdi>${view.app}</bdi>`
  const own = { app, name: html`<bdi>${account.name}</bdi>` }
  const { screens: given } = view
  const what =
    given?.kind === 'own'
      ? html`<p>${say(inside.screensOwn, { app, name: html`<b><bdi>${given.name}</bdi></b>` })}</p>`
      : html`<p>${say(given?.kind === 'the-same' ? inside.screensSame : inside.adminScreens, own)}</p>`
  return html`<p class="soft gap">${say(inside.adminBrowsers, own)}</p>
<h2>${inside.screens}</h2><div class="card">${what}
${
  given?.kind === 'none' &&
  view.makes &&
  html`<form class="gap" method="post" action="${address(view.make)}">${formToken(view.token)}
<button class="press first">${inside.make}</button><p class="soft centre">${inside.makeHint}</p></form>`
}</div>
${given?.kind !== 'the-same' && html`<details${given?.kind === 'none' && !view.makes && html` open`}><summary>${inside.screensOther}</summary>${!view.makes && html`<p class="soft">${say(inside.screensNone, { app })}</p>`}${appWays(lang, view, 'screens')}</details>`}`
}

function parting(lang: Lang, view: AppView): Html {
  const { inside } = words(lang)
  return html`<details><summary class="bad">${inside.unlink}</summary><form method="post" action="${address(view.unlink)}">${formToken(view.token)}
<p class="soft">${inside.unlinkHint}</p><button class="press">${inside.unlink}</button></form></details>`
}
