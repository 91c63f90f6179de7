import { type DemoPage, demoPage, escapeHtml, mark, paperStyle } from '../look.ts'
import type { DemoPerson } from './people.ts'

const style = `${paperStyle}
.face{float:left;width:56px;height:56px;line-height:56px;border-radius:28px;margin-right:16px;text-align:center;
font-size:1.4em;font-weight:700;background:#ffc266;color:#14182a}
.card b{display:block;font-size:1.12em;padding-top:3px}
.card:after{content:"";display:block;clear:both}
.other{margin:10px 0 8px}
.foot{border-top:1px solid #e2ded4;padding-top:16px;margin-top:22px}
@media (prefers-color-scheme:dark){.foot{border-color:#2b3552}}`

function paper(host: string, title: string, body: string): DemoPage {
  const header = `<header>${mark}${escapeHtml(host)}</header>`
  return demoPage({ title, style, body: `<main>${header}<h1>${escapeHtml(title)}</h1>${body}</main>` })
}

/** The one page on which a person signs in. `again` says why, when they are signed in already. */
export function signInPage(view: {
  host: string
  client: string
  person: DemoPerson
  others: readonly DemoPerson[]
  again: boolean
}): DemoPage {
  const { person } = view
  const others = view.others.map(
    (other) => `<button name="person" value="${escapeHtml(other.id)}">Continue as ${escapeHtml(other.name)}</button>`,
  )
  return paper(
    view.host,
    view.again ? 'Is it still you?' : 'Sign in',
    `<p class="soft">${view.again ? 'A moment to make sure, then on' : 'To go on'} to ${escapeHtml(view.client)}.</p>
<form method="post"><div class="card"><span class="face" aria-hidden="true">${escapeHtml(person.name.slice(0, 1))}</span>
<b>${escapeHtml(person.name)}</b><span class="soft small">${escapeHtml(person.email)}</span></div>
<button class="main" name="person" value="${escapeHtml(person.id)}">Continue as ${escapeHtml(person.name)}</button>
${others.length === 0 ? '' : `<p class="soft small other">Not ${escapeHtml(person.name)}?</p>${others.join('\n')}`}
<button class="plain" name="person" value="">Cancel</button></form>
<p class="soft small foot">This provider is part of the demo: it lets anybody be anybody. A real one asks for a passkey here.</p>`,
  )
}

/** Anything that went wrong, in one sentence. */
export function providerErrorPage(host: string, sentence: string): DemoPage {
  return paper(host, 'This did not work', `<p class="soft">${escapeHtml(sentence)}</p><p>Go back and try again.</p>`)
}

/** RFC 8628 §3.3: typing the code. `form` is the provider's own markup; its id is `op.deviceInputForm`. */
export function codePage(host: string, form: string, wrong: boolean): DemoPage {
  return paper(
    host,
    'Enter the code',
    `<p class="soft">${wrong ? 'That is not a code that waits here. Look again?' : 'The screen shows it.'}</p>${form}
<button class="main" type="submit" form="op.deviceInputForm">Go on</button>`,
  )
}

/** RFC 8628 §3.3.1: comparing the code. `form` is the provider's own markup; its id is `op.deviceConfirmForm`. */
export function confirmCodePage(host: string, form: string, client: string, userCode: string): DemoPage {
  return paper(
    host,
    'Is this your screen?',
    `<p class="soft">${escapeHtml(client)} asks to sign in a screen that shows these letters.</p>
<div class="card"><div class="code">${escapeHtml(userCode)}</div></div>${form}
<button class="main" type="submit" form="op.deviceConfirmForm">Yes, sign it in</button>
<button type="submit" form="op.deviceConfirmForm" value="yes" name="abort">No, stop</button>`,
  )
}

/** The end of a device sign-in on the phone. */
export function codeDonePage(host: string): DemoPage {
  return paper(host, 'Done', '<p class="soft">The screen goes on by itself. You may close this page.</p>')
}
