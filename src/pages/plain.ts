import { document } from './document.ts'
import { type Html, html } from './html.ts'
import { mark } from './icons.ts'
import { plainStyle } from './plain-style.ts'
import type { Lang, Page } from './views.ts'

/** A page of one heading, some words and some buttons, in the style that every engine can show. */
export function plainPage(
  lang: Lang,
  parts: { title: string; place?: string; heading: Html; body: Html; refresh?: Html; script?: string },
): Page {
  const { title, place, heading, body, ...rest } = parts
  return document({
    lang,
    title,
    style: plainStyle,
    ...rest,
    body: html`
<div class="page" id="page"><div class="words"><div class="inner">
<div class="place">${mark}${place}</div>
<h1>${heading}</h1>
${body}
</div></div></div>`,
  })
}
