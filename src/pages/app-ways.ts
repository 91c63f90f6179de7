import { address, type Html, html } from './html.ts'
import type { AppView } from './inside-views.ts'
import { say, words } from './messages.ts'
import { formToken } from './phone.ts'
import type { Lang } from './views.ts'

/** The ways to show an account in an app, the least work first. */
export function appWays(lang: Lang, view: AppView, use: 'own' | 'screens'): Html {
  const { ways } = words(lang).inside
  const { page, code, password } = view.ways
  const app = { app: html`<bdi>${view.app}</bdi>` }
  const proof = html`${formToken(view.token)}<input type="hidden" name="use" value="${use}">`
  return html`<div class="ways">
${page && html`<a class="press first" href="${address(use === 'own' ? page : `${page}?use=screens`)}">${say(ways.page, app)}<small>${ways.pageHint}</small></a>`}
${code && html`<form method="post" action="${address(code)}">${proof}<button class="press first">${say(ways.code, app)}<small>${ways.codeHint}</small></button></form>`}
${
  password &&
  html`<form class="card" method="post" action="${address(password)}">${proof}
${(code || page) && html`<p class="or">${say(ways.or, app)}</p>`}
<label for="name-${use}">${say(ways.name, app)}</label>
<input class="text" id="name-${use}" name="name" required maxlength="128" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false">
<label for="secret-${use}">${say(ways.secret, app)}</label>
<input class="text" id="secret-${use}" name="secret" type="password" required maxlength="256" autocomplete="off">
<p class="soft">${say(ways.secretHint, app)}</p>
<button class="press">${use === 'own' ? ways.go : ways.goScreens}</button></form>`
}
</div>`
}
