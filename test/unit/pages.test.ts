import { createHash } from 'node:crypto'
import { parse } from 'acorn'
import { describe, expect, test } from 'vitest'
import { challengePage } from '../../src/pages/challenge.ts'
import { dark, light } from '../../src/pages/colours.ts'
import { address, html, render } from '../../src/pages/html.ts'
import { sizeRules } from '../../src/pages/screen-sizes.ts'
import type { Lang } from '../../src/pages/views.ts'
import { samplePages } from '../support/pages.ts'

const langs: Lang[] = ['en', 'de']
const every = langs.flatMap((lang) =>
  samplePages(lang).map((sample) => ({ ...sample, lang, title: `${lang} ${sample.name}` })),
)
const screens = every.filter(({ name }) => name.startsWith('screen-'))
const waiting = every.filter(({ name }) =>
  ['screen-waiting', 'screen-opened', 'screen-provider', 'screen-still'].includes(name),
)

const scriptsOf = (markup: string): string[] =>
  [...markup.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text)
const stylesOf = (markup: string): string[] =>
  [...markup.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = '']) => text)

/** Tags with the names of their attributes, in order: what a value could change if it became markup. */
function skeleton(markup: string): string[] {
  return [...markup.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, '='))
}

const hostile = [
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '</title></style></script><svg onload=alert(1)>',
  '</noscript><meta http-equiv="refresh" content="0;url=//evil.example">',
  '--><iframe srcdoc=x>',
  '" autofocus onfocus=alert(1) x="',
  '&lt;b&gt; &amp; &#60;i&#62;',
  '{app} {{7*7}} {person}',
  'javascript:alert(1)',
  '\u0000<\u0000b>\u2028<b>',
  '<'.repeat(5000),
]

describe('what comes from outside', () => {
  test('no value of any view becomes markup', () => {
    for (const lang of langs) {
      const usual = samplePages(lang)
      for (const text of hostile) {
        samplePages(lang, { hostile: text }).forEach(({ name, page }, i) => {
          expect(skeleton(page.html), `${name} with ${text.slice(0, 60)}`).toEqual(skeleton(usual[i]?.page.html ?? ''))
        })
      }
    }
  })

  test('an address that is not a web address leads nowhere', () => {
    const bad = [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      '\tjavascript:a',
      'data:text/html,x',
      '//evil.example/',
      '/\\evil.example',
      '\\\\evil',
      'https:///x',
      '',
      'x',
    ]
    for (const url of bad) expect(address(url), url).toBe('#')
    for (const url of ['/', '/a?b=c', 'https://door.home.example/d', 'HTTP://X/']) expect(address(url)).toBe(url)
  })

  test('values are escaped, nested templates and lists pass, nothing stands for nothing', () => {
    const inner = html`<i>${'<'}</i>`
    expect(render(html`<p title="${'"\''}">${[inner, '&', 0, null, undefined, false]}</p>`)).toBe(
      '<p title="&quot;&#39;"><i>&lt;</i>&amp;0</p>',
    )
    const forged = JSON.parse('{"markup":"<b>"}') as never
    expect(render(html`${forged}`)).not.toContain('<b>')
  })
})

test('somebody whom the provider gives no name reads no sentence that ends in the air', () => {
  for (const lang of langs) {
    for (const { name, page } of samplePages(lang, { person: '' })) {
      expect(page.html, name).not.toContain('<bdi></bdi>')
    }
  }
})

describe('the policy', () => {
  test('allows exactly the own style and script of each page', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    for (const { page, title } of every) {
      const [style = '', ...others] = stylesOf(page.html)
      const [script] = scriptsOf(page.html)
      expect(others, title).toEqual([])
      expect(page.csp.split('; '), title).toEqual([
        "default-src 'none'",
        `style-src ${hash(style)} 'unsafe-inline'`,
        `script-src ${script === undefined ? "'none'" : `${hash(script)} 'unsafe-inline'`}`,
        "img-src 'self'",
        "connect-src 'self'",
        `form-action ${page.html.includes('<form') ? "'self' https: http:" : "'none'"}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ])
      expect(page.html, title).not.toMatch(/<[^>]*\s(?:on\w+|style)=/i)
    }
  })

  test('every form posts, so that nothing typed ends in an address', () => {
    for (const { page, title } of every) {
      for (const [form] of page.html.matchAll(/<form\b[^>]*>/g)) expect(form, title).toContain('method="post"')
    }
  })
})

test('F6: no page has a field that a browser would fill in or remember', () => {
  for (const { page, title, name } of every) {
    for (const [input] of page.html.matchAll(/<(?:input|textarea|select)\b[^>]*>/g)) {
      expect(input, title).toMatch(/type="(?:hidden|radio|checkbox|date)"|autocomplete="off"/)
      // The password of an app, once, is covered from eyes, and is still none that belongs to the door.
      const own = name.startsWith('app-') ? input.replace(' type="password"', '') : input
      expect(own, title).not.toMatch(/password|username|email/i)
    }
  }
})

describe('old engines', () => {
  test('ux-03 every script is ES5 and small', () => {
    for (const { page, title } of every) {
      for (const script of scriptsOf(page.html)) {
        expect(() => parse(script, { ecmaVersion: 5, sourceType: 'script' }), title).not.toThrow()
        expect(Buffer.byteLength(script), title).toBeLessThan(2048)
      }
    }
  })

  test('ux-04 no style of a screen needs an engine of our decade', () => {
    const modern =
      /\b(?:flex|grid|var\(|calc\(|clamp\(|gap:|inset|(?<!-)aspect-ratio:)|\d(?:vw|vh|rem)\b|:focus-visible/
    for (const { page, title } of screens) expect(stylesOf(page.html)[0], title).not.toMatch(modern)
  })

  test('ux-05 screens are small and fetch nothing but the QR', () => {
    for (const { page, title } of screens) {
      expect(Buffer.byteLength(page.html), title).toBeLessThan(30_000)
      const fetching = /\b(?:src|srcset|poster)="([^"]*)"|<link\b|@import|url\(/g
      const fetched = [...page.html.matchAll(fetching)].map(([, src]) => src)
      expect(fetched, title).toEqual(page.html.includes('class="qr"') ? ['/qr.png'] : [])
    }
  })

  test.each([33, 37, 41, 45])('ux-13 the QR is a whole multiple of %i modules in every window', (modules) => {
    const sides = [...sizeRules(modules).matchAll(/\.qr\{width:(\d+)px;height:(\d+)px\}/g)]
    expect(sides.length).toBeGreaterThan(10)
    for (const [, width, height] of sides) {
      expect(Number(width) % modules).toBe(0)
      expect(height).toBe(width)
    }
  })

  test('ux-34 nothing reloads by itself within two minutes but where there is no script', () => {
    const looksAfterItself = [
      'screen-waiting',
      'screen-opened',
      'screen-provider',
      'screen-ereader',
      'screen-long',
      'screen-webview',
      'app-code',
    ]
    for (const { page, name, title } of every) {
      const rest = page.html.replace(/<noscript>[\s\S]*?<\/noscript>/g, '')
      for (const [, seconds] of rest.matchAll(/http-equiv="refresh" content="(\d+)/g)) {
        expect(Number(seconds), title).toBeGreaterThanOrEqual(120)
      }
      const often = page.html.indexOf('content="5"')
      expect(often > 0, title).toBe(looksAfterItself.includes(name))
      // Of several declarations the first one counts.
      if (often > 0) expect(often, title).toBeLessThan(page.html.indexOf('content="300"'))
    }
  })

  test.each(langs)(
    'a challenge is too long to be taken for an empty error page, and leads on without script: %s',
    (lang) => {
      for (const webview of [false, true]) {
        const { html: markup } = challengePage(lang, {
          link: '/.entryphone/auth/start?to=a&b',
          title: 'Jellyfin',
          webview,
        })
        expect(Buffer.byteLength(markup)).toBeGreaterThan(600)
        expect(markup).toContain(
          '<noscript><meta http-equiv="refresh" content="0;url=/.entryphone/auth/start?to=a&amp;b"></noscript>',
        )
        expect(markup).toContain('href="/.entryphone/auth/start?to=a&amp;b"')
      }
    },
  )
})

describe('for people', () => {
  test.each(waiting)('ux-16 ux-17 at most three steps of twelve words, and the app by name: $title', ({ page }) => {
    const steps = [...page.html.matchAll(/<span class="n">\d<\/span>([^<]*)<\/li>/g)].map(([, text = '']) => text)
    expect(steps).toHaveLength(3)
    for (const step of steps) expect(step.split(' ').length).toBeLessThanOrEqual(12)
    expect(page.html).toMatch(/<h1[^>]*>[\s\S]*Jellyfin[\s\S]*<\/h1>/)
  })

  test.each(waiting)(
    'ux-33 announced: live region, title by state, QR with address and code: $title',
    ({ page, name }) => {
      expect(page.html).toContain('role="status" aria-live="polite"')
      expect(page.html).toMatch(/alt="[^"]*door\.home\.example\/d[^"]*BCDF-GHJK"/)
      const title = /<title>(.*?)<\/title>/.exec(page.html)?.[1]
      expect(title === /data-opened-title="(.*?)"/.exec(page.html)?.[1]).toBe(name === 'screen-opened')
    },
  )

  test.each(langs)('ux-44 "no" comes first, looks as large, and needs no further field: %s', (lang) => {
    const page = samplePages(lang).find(({ name }) => name === 'approve-different')?.page.html ?? ''
    const [no = '', yes = ''] = [...page.matchAll(/<button class="press[^>]*>/g)].map(([tag]) => tag)
    expect(no).toBe('<button class="press" name="decision" value="deny" formnovalidate>')
    expect(yes).toBe('<button class="press first" name="decision" value="approve">')
    expect(page).toMatch(/<input type="checkbox" name="here" value="yes" required>/)
  })

  test('ux-22 contrast: text 7:1 on the television, 4.5:1 on phones, borders and rings 3:1', () => {
    for (const colour of [dark.text, dark.soft, dark.lamp, dark.good]) {
      for (const behind of [dark.night, dark.panel]) expect(contrast(colour, behind)).toBeGreaterThanOrEqual(7)
    }
    expect(contrast(dark.lamp, dark.chip)).toBeGreaterThanOrEqual(7)
    expect(contrast(dark.night, dark.lamp)).toBeGreaterThanOrEqual(7)
    for (const c of [dark, light]) {
      for (const behind of [c.night, c.panel]) {
        for (const colour of [c.text, c.soft, c.lamp, c.good, c.bad])
          expect(contrast(colour, behind)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(c.edge, behind)).toBeGreaterThanOrEqual(3)
      }
      for (const colour of [c.text, c.soft, c.good]) expect(contrast(colour, c.chip)).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(light.panel, light.text)).toBeGreaterThanOrEqual(7)
  })
})

/** Contrast ratio of two `#rrggbb` colours (WCAG 2.2). */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}
