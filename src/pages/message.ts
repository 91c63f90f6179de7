import { address, type Html, html } from './html.ts'
import { tick } from './icons.ts'
import type { MessageView } from './message-view.ts'
import { deviceWords, say, sayText, words } from './messages.ts'
import { formToken } from './phone.ts'
import { plainPage } from './plain.ts'
import type { Lang, Page } from './views.ts'

/** One heading, one or two sentences, and what to do next. */
export function messagePage(lang: Lang, view: MessageView): Page {
  const { messages, somebody } = words(lang)
  const { title, text } = messages[view.kind]
  const { app = somebody.app, host = somebody.host, device } = view.params ?? {}
  const person = view.params?.person || somebody.person
  const forms = deviceWords(lang, device?.kind ?? 'unknown')
  const names = Object.entries({ app, person, host }).map(([name, value]) => [name, html`<bdi>${value}</bdi>`])
  const values: Record<string, Html | string> = { ...forms, ...Object.fromEntries(names) }
  return plainPage(lang, {
    title: sayText(title, { ...forms, app, person, host }),
    place: view.place ?? '',
    ...(view.reloadSeconds !== undefined && {
      refresh: html`<meta http-equiv="refresh" content="${String(view.reloadSeconds)}">`,
    }),
    heading: html`${(view.kind.startsWith('approved') || view.kind === 'proved') && tick}${say(title, values)}`,
    body: html`
<p>${say(text, values)}</p>
${view.actions && html`<div class="acts">${view.actions.map((action, i) => button(lang, action, app, i === 0))}</div>`}`,
  })
}

function button(lang: Lang, action: NonNullable<MessageView['actions']>[number], app: string, first: boolean): Html {
  const label = sayText(words(lang).actions[action.label], { app })
  const look = first ? 'press first' : 'press'
  if (action.post === undefined) {
    return html`<div><a class="${look}" href="${address(action.href ?? '/')}">${label}</a></div>`
  }
  return html`<form method="post" action="${address(action.post)}">
${action.token !== undefined && formToken(action.token)}<button class="${look}">${label}</button></form>`
}
