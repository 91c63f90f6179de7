import { document } from './document.ts'
import { type Html, html } from './html.ts'
import { deviceIcon, mark } from './icons.ts'
import { deviceName, say, words } from './messages.ts'
import { phoneStyle } from './phone-style.ts'
import type { DeviceView, Lang, Page } from './views.ts'

/** A page at the door, for the hand. The door's host stands on top: people compare it with the screen's. */
export function phonePage(
  lang: Lang,
  parts: { title: string; doorHost: string; heading: Html; body: Html; script?: string; refresh?: Html },
): Page {
  const { title, doorHost, heading, body, ...rest } = parts
  return document({
    lang,
    title,
    style: phoneStyle,
    ...rest,
    body: html`
<main><header>${mark}<span dir="ltr">${doorHost}</span></header>
<h1>${heading}</h1>
${body}
</main>`,
  })
}

/** A device's drawing and name, with a line under it. */
export function deviceLine(lang: Lang, device: DeviceView, line: Html): Html {
  return html`<div class="screen">${deviceIcon(device.kind)}<div><strong><bdi>${deviceName(lang, device)}</bdi></strong>
<span class="soft">${line}</span></div></div>`
}

/** Six digits as native apps show them, in two halves. */
export function digitsLine(digits: string): Html {
  return html`<div class="code" dir="ltr" translate="no">${digits.replace(/^(\d{3})(\d{3})$/, '$1 $2')}</div>`
}

/** "You are Robin"; some providers name nobody. */
export function youAre(lang: Lang, name: string): Html {
  const { approve } = words(lang)
  return name === '' ? html`${approve.signedIn}` : say(approve.youAre, { person: html`<b><bdi>${name}</bdi></b>` })
}

/** The field that proves that the form came from our page. */
export function formToken(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}">`
}
