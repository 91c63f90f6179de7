/** Markup that is safe to send: made by `html` from escaped parts, or by `raw` from a constant of ours. */
export type Html = { readonly [markup]: string }

/** What may stand in a template. `false`, `null` and `undefined` leave nothing behind. */
export type Child = Html | string | number | false | null | undefined | readonly Child[]

const markup = Symbol('markup')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Template tag that escapes every value. Attributes are always written in double quotes. */
export function html(strings: TemplateStringsArray, ...children: Child[]): Html {
  let text = strings[0] ?? ''
  children.forEach((child, i) => {
    text += render(child) + strings[i + 1]
  })
  return raw(text)
}

/** Trusts its text: for constants written in this folder, never for anything that came from outside. */
export function raw(text: string): Html {
  return { [markup]: text }
}

/** The text to send. */
export function render(child: Child): string {
  if (child === false || child === null || child === undefined) return ''
  if (typeof child === 'string') {
    // SECURITY(replace: escaped(child) → child): every value of a page is escaped. Test: no value of any view becomes markup
    return escaped(child)
  }
  if (typeof child === 'number') return String(child)
  return isList(child) ? child.map(render).join('') : child[markup]
}

/** For `href`, `src` and `action`: a path of this host or a web address; anything else becomes a link to nowhere. */
export function address(url: string): string {
  // SECURITY: a link never runs script and never leaves by two slashes. Test: an address that is not a web address leads nowhere
  if (!/^(?:https?:\/\/[^/\\]|\/(?![/\\]))/i.test(url)) return '#'
  return url
}

function isList(child: Html | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
