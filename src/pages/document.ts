import { createHash } from 'node:crypto'
import { type Html, html, raw, render } from './html.ts'
import { words } from './messages.ts'
import type { Lang, Page } from './views.ts'

export type DocumentParts = {
  lang: Lang
  title: string
  /** Constant text: it is hashed once and kept. What differs from person to person goes into attributes. */
  style: string
  script?: string
  /** Goes first into the head, because the first of two `refresh` declarations wins. */
  refresh?: Html
  bodyClass?: string
  body: Html
}

/** Puts a document together, with the policy that lets exactly its own style and script run. */
export function document(parts: DocumentParts): Page {
  const { lang, title, style, script, body } = parts
  const markup = render(html`<!DOCTYPE html>
<html lang="${lang}" dir="${words(lang).dir}"><head><meta charset="utf-8">${parts.refresh}
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="same-origin">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${title}</title><style>${raw(style)}</style></head>
<body${parts.bodyClass && html` class="${parts.bodyClass}"`}>${body}${script && raw(`<script>${script}</script>`)}</body></html>
`)
  return { html: markup, csp: policy(style, script, markup.includes('<form')) }
}

/**
 * - `'unsafe-inline'` stands beside each hash for WebKit 534-538 (televisions up to 2016): they enforce CSP 1.0, do not
 *   know hashes and would show the page bare. Every engine that knows hashes ignores the keyword (CSP 2 §7.17, tried).
 * - Chrome applies `form-action` to the redirects after a post as well, and ours lead on to the provider, whose
 *   address a page does not know: therefore the bare schemes.
 */
function policy(style: string, script: string | undefined, hasForms: boolean): string {
  return [
    "default-src 'none'",
    `style-src ${hash(style)} 'unsafe-inline'`,
    `script-src ${script === undefined ? "'none'" : `${hash(script)} 'unsafe-inline'`}`,
    "img-src 'self'",
    "connect-src 'self'",
    `form-action ${hasForms ? "'self' https: http:" : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const hashes = new Map<string, string>()

function hash(text: string): string {
  const known = hashes.get(text)
  if (known !== undefined) return known
  const value = `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  hashes.set(text, value)
  return value
}
