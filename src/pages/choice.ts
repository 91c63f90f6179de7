import { address, html } from './html.ts'
import { say, sayText, words } from './messages.ts'
import { plainPage } from './plain.ts'
import type { ChoiceView, Lang, Page } from './views.ts'

/** "How do you want to open it?", for devices that cannot be told apart. The first press takes the phone. */
export function choicePage(lang: Lang, view: ChoiceView): Page {
  const { choice } = words(lang)
  return plainPage(lang, {
    title: sayText(choice.title, { app: view.app }),
    place: view.place,
    heading: say(choice.heading, { app: html`<bdi>${view.app}</bdi>` }),
    body: html`
<div class="acts">
<form method="post" action="${address(view.byPhone)}"><button class="press first" autofocus>${choice.byPhone}<small>${choice.byPhoneHint}</small></button></form>
<form method="post" action="${address(view.here)}"><button class="press">${choice.here}<small>${choice.hereHint}</small></button></form>
</div>`,
  })
}
