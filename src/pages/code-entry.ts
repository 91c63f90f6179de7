import { address, html } from './html.ts'
import { words } from './messages.ts'
import { formToken, phonePage } from './phone.ts'
import type { CodeEntryView, Lang, Page } from './views.ts'

/** One field for the code, for whoever has no camera. Posts `token` and `code` as typed. */
export function codeEntryPage(lang: Lang, view: CodeEntryView): Page {
  const { codeEntry } = words(lang)
  return phonePage(lang, {
    title: codeEntry.title,
    doorHost: view.doorHost,
    heading: html`${codeEntry.heading}`,
    body: html`
<form method="post" action="${address(view.action)}">${formToken(view.token)}
<label for="code">${codeEntry.label}</label>
<input class="field" id="code" name="code" required autofocus maxlength="20" dir="ltr" translate="no" autocomplete="off"
autocapitalize="characters" autocorrect="off" spellcheck="false" aria-describedby="hint"${view.wrong && html` aria-invalid="true"`}>
${view.wrong ? html`<p class="bad" id="hint" role="alert">${codeEntry.wrong}</p>` : html`<p class="soft" id="hint">${codeEntry.hint}</p>`}
<div class="gap"><button class="press first">${codeEntry.go}</button></div></form>`,
  })
}
