import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** A finished document and the policy that lets exactly its own style and script run. */
export type DemoPage = { html: string; csp: string }

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/**
 * Puts a document together. `title` is escaped here; `style`, `script` and `body` are trusted markup. `frames` is the
 * one origin that the page may frame; `framed` lets the page itself be framed.
 */
export function demoPage(parts: {
  title: string
  style: string
  body: string
  script?: string
  frames?: string
  framed?: boolean
}): DemoPage {
  const script = parts.script === undefined ? '' : `<script>${parts.script}</script>`
  const html = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(parts.title)}</title><style>${parts.style}</style></head>
<body>${parts.body}${script}</body></html>
`
  // No form-action: browsers apply it to the redirects after a form as well, and those lead to other hosts.
  const csp = [
    "default-src 'none'",
    "base-uri 'none'",
    // Engines that know hashes ignore 'unsafe-inline' (CSP 2 §7.17); those of 2014 know nothing else.
    `style-src 'unsafe-inline' '${sha256(parts.style)}'`,
    parts.script === undefined ? '' : `script-src 'unsafe-inline' '${sha256(parts.script)}'`,
    parts.frames === undefined ? '' : `frame-src ${parts.frames}`,
    // Older engines do not count ws: and wss: as 'self'.
    "connect-src 'self' ws: wss:",
    parts.framed ? '' : "frame-ancestors 'none'",
  ]
  return { html, csp: csp.filter((directive) => directive !== '').join('; ') }
}

/** Sends a page that nobody stores. */
export function sendPage(response: ServerResponse, status: number, page: DemoPage): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': page.csp,
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
  })
  response.end(page.html)
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** The drawing of an entry phone, in the colour of the text around it. */
export const mark =
  '<svg class="mark" width="20" height="26" viewBox="0 0 26 34" aria-hidden="true"><rect x="1.5" y="1.5" width="23" ' +
  'height="31" rx="6" fill="none" stroke="currentColor" stroke-width="3"/><path d="M8 9.3h10M8 14.3h10" ' +
  'stroke="currentColor" stroke-width="2.6" stroke-linecap="round"/><circle cx="13" cy="24" r="3.4" ' +
  'fill="currentColor"/></svg>'

/** Phone-sized pages, light and dark. No variables, grid or flex, so that old engines show them as well. */
export const paperStyle = `
*{box-sizing:border-box}
body{margin:0;background:#f6f4ef;color:#14182a;font:17px/1.45 -apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:26em;margin:0 auto;padding:20px 20px 32px}
header{color:#565e75;font-size:.92em;margin:0 0 22px}
.mark{vertical-align:-.4em;margin-right:.6em}
h1{font-size:1.8em;line-height:1.15;letter-spacing:-.01em;margin:0 0 .45em}
p{margin:0 0 1em}
.soft{color:#565e75}
.small{font-size:.92em}
.card{background:#fff;border:1px solid #e2ded4;border-radius:20px;padding:20px;margin:0 0 18px}
button,input[type=text]{font:inherit;font-size:1.08em;min-height:56px;width:100%;border-radius:16px;padding:.5em 1em}
button{cursor:pointer;font-weight:600;border:2px solid #0d1220;background:transparent;color:#14182a;margin:0 0 12px}
button.main{background:#0d1220;color:#fff}
button.plain{border-color:transparent;color:#8a5200;font-weight:500;min-height:48px}
button:focus,input:focus{outline:3px solid #8a5200;outline-offset:3px}
input[type=text]{border:2px solid #9aa0b0;background:#fff;color:#14182a;margin:0 0 12px;text-align:center}
.code{font:700 1.7em/1.3 "SF Mono","Noto Sans Mono",Menlo,monospace;letter-spacing:.1em;text-align:center}
@media (prefers-color-scheme:dark){
body{background:#0d1220;color:#f4f1ea}
header,.soft{color:#b4bcd0}
.card{background:#171e33;border-color:#2b3552}
button{border-color:#ffc266;color:#f4f1ea}
button.main{background:#ffc266;color:#14182a}
button.plain{border-color:transparent;color:#ffc266}
button:focus,input:focus{outline-color:#ffc266}
input[type=text]{background:#171e33;color:#f4f1ea;border-color:#6b7796}
}`
