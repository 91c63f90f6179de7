import { expect, test } from 'vitest'
import { classify } from '../../src/screens/classify.ts'
import { expectQuick } from '../support/quick.ts'

const PHONE =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36'
const PC =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36 Edg/119.0.0.0'
const FROZEN =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'
const DESKTOP_SITE =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'

test('phones, tablets and computers sign in as usual, and are told apart', () => {
  const kindOf = (userAgent: string) => classify({ userAgent })
  expect(kindOf(PHONE)).toMatchObject({ class: 'capable', kind: 'phone', brand: 'Google' })
  expect(kindOf(PC)).toMatchObject({ class: 'capable', kind: 'desktop' })
  expect(kindOf('Mozilla/5.0 (iPad; CPU OS 9_3_2 like Mac OS X) AppleWebKit/601.1.46 Mobile/13F69')).toMatchObject({
    class: 'capable',
    kind: 'tablet',
    brand: 'Apple',
  })
  expect(kindOf('Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)')).toMatchObject({
    class: 'capable',
    kind: 'bot',
  })
})

test('a request without a user agent signs in as usual and says why', () => {
  expect(classify({ userAgent: undefined })).toEqual({
    class: 'capable',
    kind: 'unknown',
    brand: '',
    why: 'it sent no user agent',
  })
})

test('Edge on Xbox is known by the model hint only', () => {
  expect(classify({ userAgent: PC, modelHint: '"Xbox"' })).toMatchObject({ class: 'constrained', brand: 'Xbox' })
  expect(classify({ userAgent: PC, modelHint: '""' }).class).toBe('capable')
  expect(classify({ userAgent: PC, modelHint: '"NEXBOX"' }).kind).not.toBe('console')
})

test('a model hint speaks for a frozen user agent', () => {
  expect(classify({ userAgent: FROZEN, modelHint: '"BRAVIA VH2"' })).toMatchObject({ class: 'constrained', kind: 'tv' })
  expect(classify({ userAgent: FROZEN, modelHint: '"Pixel 8"' }).class).toBe('capable')
})

test('form factors count when they name a car, a headset, electronic paper or a watch, and only then', () => {
  const screenOf = (formFactorsHint: string) => classify({ userAgent: FROZEN, formFactorsHint })
  expect(screenOf('"Automotive"')).toMatchObject({ class: 'constrained', kind: 'car' })
  expect(screenOf('"Tablet", "XR"')).toMatchObject({ class: 'uncertain', kind: 'headset' })
  expect(screenOf('"EInk";v=1')).toMatchObject({ class: 'uncertain', kind: 'ereader' })
  expect(screenOf('"Watch"')).toMatchObject({ class: 'uncertain', kind: 'watch' })
  for (const ordinary of ['"Desktop"', '"Tablet", "Mobile"', '"automotive"', '"constructor"', 'Automotive', '"']) {
    expect(screenOf(ordinary).class).toBe('capable')
  }
})

test('a tablet that asks for the desktop site is known by its platform hint', () => {
  expect(classify({ userAgent: DESKTOP_SITE, platformHint: '"Android"' })).toMatchObject({
    class: 'capable',
    kind: 'tablet',
  })
})

test('companion apps on phones stay on the address of the app', () => {
  const appIds = [
    'io.homeassistant.companion.android',
    'io.homeassistant.companion.android.minimal',
    'org.jellyfin.mobile',
  ]
  for (const requestedWith of appIds) {
    expect(classify({ userAgent: PHONE, requestedWith })).toMatchObject({ class: 'webview', kind: 'phone' })
  }
  expect(classify({ userAgent: `${PHONE} Home Assistant/2026.8.1 (Android 14; Pixel 8)` }).class).toBe('webview')
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Home Assistant/2026.8 (io.robbie.HomeAssistant; build:2026.1; iOS 18.5.0) Mobile/HomeAssistant, like Safari'
  expect(classify({ userAgent: iphone })).toMatchObject({ class: 'webview', kind: 'phone', brand: 'Apple' })
})

test('a companion app in a car is a web view, on a television it gets the QR page', () => {
  const inApp = (model: string) =>
    PHONE.replace('Pixel 8', model).concat(` Home Assistant/2026.8.1 (Android 12; ${model})`)
  expect(classify({ userAgent: inApp('Polestar 2') })).toMatchObject({ class: 'webview', kind: 'car' })
  expect(classify({ userAgent: inApp('BRAVIA 4K') })).toMatchObject({ class: 'constrained', kind: 'tv' })
})

test('the app id of other web views says television, panel or nothing', () => {
  const screenOf = (requestedWith: string) => classify({ userAgent: DESKTOP_SITE, requestedWith })
  expect(screenOf('com.phlox.tvwebbrowser')).toMatchObject({ class: 'constrained', kind: 'tv' })
  expect(screenOf('de.ozerov.fully')).toMatchObject({ class: 'uncertain', kind: 'smart-display' })
  for (const ordinary of ['XMLHttpRequest', 'com.tencent.mm', 'org.jellyfin.mobilefake', 'evil.org.jellyfin.mobile']) {
    expect(screenOf(ordinary).class).toBe('capable')
  }
})

test('nothing after 512 bytes of any header is looked at', () => {
  const long = ' '.repeat(512)
  expect(classify({ userAgent: `${long} Web0S` }).class).toBe('capable')
  expect(classify({ userAgent: PC, modelHint: `${long}"Xbox"` }).class).toBe('capable')
  expect(classify({ userAgent: PC, formFactorsHint: `${long}"Automotive"` }).class).toBe('capable')
  expect(classify({ userAgent: DESKTOP_SITE, platformHint: `${long}"Android"` }).kind).toBe('desktop')
})

test('hostile strings of 64 kB cost next to nothing', () => {
  const heads = ['', 'Mozilla/5.0 (Linux; Android ', 'HbbTV/1.1.1 (', 'Opera/9.80 (Linux ', 'Tizen (', '"']
  const started = performance.now()
  for (const head of heads) {
    for (const fill of [' ', ';', '(', ', ', '-', 'TV', 'a', '"']) {
      const text = head + fill.repeat(65_536 / fill.length)
      classify({ userAgent: text, requestedWith: text, modelHint: text, formFactorsHint: text, platformHint: text })
    }
  }
  expectQuick('48 hostile user agents of 64 kB', performance.now() - started)
})
