import { type DemoPage, demoPage, escapeHtml, mark, paperStyle } from '../look.ts'

const screenStyle = `html,body{height:100%;margin:0}
body{background:#0d1220;color:#f4f1ea;font:28px/1.4 "Noto Sans","Helvetica Neue",Arial,sans-serif;display:table;width:100%}
.page{display:table-cell;vertical-align:middle;padding:0 12%}h1{font-size:1.7em;margin:0 0 .4em}p{color:#b4bcd0;margin:0 0 1em}
b{color:#ffc266}a{color:#14182a;background:#ffc266;border-radius:.5em;padding:.5em 1em;text-decoration:none;font-weight:700}`

function onScreen(title: string, body: string): DemoPage {
  const main = `<div class="page"><h1>${escapeHtml(title)}</h1>${body}</div>`
  return demoPage({ title, style: screenStyle, body: main, framed: true })
}

/** A real television would leave the app now; the drawn one shows where to, and a way back. */
export function elsewherePage(host: string, back: string): DemoPage {
  return onScreen(
    'A real television goes on from here',
    `<p>It would open <b>${escapeHtml(host)}</b> now; this drawn one cannot.</p><p><a href="${escapeHtml(back)}">Back to the code</a></p>`,
  )
}

/** Nobody answers behind the glass. */
export function gatewayGonePage(): DemoPage {
  return onScreen('No signal', '<p>The gateway does not answer. Is the demo still running?</p>')
}

/** The phone's camera finds no code. */
export function nothingToScanPage(): DemoPage {
  const body = `<main><header>${mark}Camera</header><h1>No code in sight</h1>
<p class="soft">The television shows no code now. Perhaps it is already in: look at it, or switch it off and on with the remote.</p></main>`
  return demoPage({ title: 'No code in sight', style: paperStyle, body })
}
