import { expect, test } from 'vitest'
import { classify } from '../../src/screens/classify.ts'

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.96'

/** A user agent of an Android phone or tablet with this model. The models are real, the rest is as Chrome writes it. */
function android(model: string): string {
  return `Mozilla/5.0 (Linux; Android 9; ${model}) ${CHROME} Mobile Safari/537.36`
}

const traps: [name: string, userAgent: string][] = [
  ['a phone by ComTrade called Tesla is not a car', android('Tesla_SP6.3')],
  ['a tablet called Tesla is not a car', 'Mozilla/5.0 (Linux; Android 6.0; Tesla) AppleWebKit/537.36 Safari/537.36'],
  [
    'TeslaBrowser on Windows is not a car',
    'Mozilla/5.0 (Windows NT 6.3; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/38.0.2110.0 TeslaBrowser/1.0.0.4863 Safari/537.36',
  ],
  ['a QUMO phone called Quest is not a headset', android('QUMO Quest 503 Build/MRA58K')],
  [
    'a Samsung phone with Tizen is not a television though it says SMART-TV and TV Safari',
    'Mozilla/5.0 (SMART-TV; Linux; Tizen 2.2; SAMSUNG SM-Z910F) AppleWebKit/537.3 (KHTML, like Gecko) Version/2.2 TV Safari/538.1',
  ],
  [
    'bare Tizen is a phone',
    'Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 (KHTML, like Gecko) Version/2.3 Mobile Safari/537.3',
  ],
  [
    'bare webOS is a Palm or HP phone',
    'Mozilla/5.0 (Linux; webOS/2.2.4; U; xx) AppleWebKit/534.6 (KHTML, like Gecko) webOSBrowser/221.56 Safari/534.6 Pre/1.2',
  ],
  ['a RugGear RG850 is not an Anbernic', android('RG850')],
  ['a RugGear RG500 is not an Anbernic', android('RG500')],
  [
    'Windows IoT is an ordinary computer',
    'Mozilla/5.0 (Windows IoT 10.0; Android 6.0.1; WebView/3.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/58.0.3029.110 Mobile Safari/537.36 Edge/16.17035',
  ],
  [
    'a Fire tablet is not a Fire TV',
    'Mozilla/5.0 (Linux; U; Android 4.0.3; xx; KFTT Build/IML74K) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30',
  ],
  [
    'Silk in desktop view is left to the page, as tablets do it too',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Silk/120.3.1 like Chrome/120.0.6099.283 Safari/537.36',
  ],
  [
    'base64 that ends in bmw= is not a BMW',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/102.0.5005.124 Safari/537.36 Edg/102.0.1245.44 Aoyou/aHR0cHM6Ly95YXVhYS5iYXNqZXMubmw=',
  ],
  [
    'the PlayStation app on a phone is not a PlayStation',
    'Mozilla/5.0 (Linux; Android 6.0; HUAWEI MT7-L09 Build/HuaweiMT7-L09; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/58.0.3029.83 Mobile Safari/537.36 PlayStation App/4.20.5/nl-NL/nl-NL',
  ],
  ['a Polestar Phone is not a Polestar', android('Polestar Phone')],
  [
    'the Steam overlay is an ordinary PC',
    'Mozilla/5.0 (Windows; U; Windows NT 10.0; en-US; Valve Steam GameOverlay/1608507519) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/85.0.4183.121 Safari/537.36',
  ],
  ['BlackBerry Priv (STV100) is not a television', android('STV100-1')],
  ['Huawei MediaPad (BTV-W09) is not a television', android('BTV-W09')],
  ['HTC HTV33 is not a television', android('HTV33')],
  ['a phone with a DTV tuner is not a television', android('M5 DTV')],
  ['Joy_TV is a phone', android('Joy_TV')],
  ['an LG phone with a tuner (LG-H222TV) is not a television', android('LG-H222TV')],
  ['SmartV22 is not a SmartTV', android('SmartV22')],
  ['_Natv is not a television', android('K1_Natv')],
  ['Runbo is not a box', android('Runbo H1')],
  ['Turbox is not a box', android('TurboX Ray')],
  ['a model that ends in Turbox is not a box', android('Turbox')],
  [
    'VirtualBox is not a box',
    "Mozilla/5.0 (Linux; U; Android 4.1.1; xx; androVM for VirtualBox ('Tablet' version with phone caps) Build/JRO03S) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30",
  ],
  ['Positivo is not a TiVo', android('Positivo S455')],
  ['a model that says AFTER is not a Fire TV', android('AFTERSHOCK')],
  ['a frozen Android user agent signs in as usual', android('K').replace('Android 9', 'Android 10')],
  ['plain Linux signs in as usual', `Mozilla/5.0 (X11; Linux x86_64) ${CHROME} Safari/537.36`],
]

for (const [name, userAgent] of traps) {
  test(name, () => {
    expect(classify({ userAgent }).class).toBe('capable')
  })
}

test('a tablet with an unknown model under the headset name Quest is not taken for a headset', () => {
  expect(classify({ userAgent: android('Quest 503') }).kind).not.toBe('headset')
})

test('NEXBOX is a television box, not an Xbox', () => {
  expect(classify({ userAgent: android('NEXBOX A95X Build/MXC89L; wv') })).toMatchObject({
    class: 'constrained',
    kind: 'tv',
  })
})

test('PlayStation Vita says Silk and stays a console', () => {
  const userAgent = 'Mozilla/5.0 (PlayStation Vita 3.36) AppleWebKit/537.73 (KHTML, like Gecko) Silk/3.2'
  expect(classify({ userAgent })).toMatchObject({ class: 'constrained', kind: 'console', brand: 'PlayStation' })
})

test('a refrigerator with Tizen is not a television', () => {
  const userAgent = 'Mozilla/5.0 (Linux; Tizen 2.3; FamilyHub) AppleWebKit/537.3 (KHTML, like Gecko) Version/2.3 Mobile'
  expect(classify({ userAgent }).kind).toBe('smart-display')
})

test('the word Mobile does not make an Android television a phone', () => {
  expect(classify({ userAgent: android('SHIELD Android TV') })).toMatchObject({ class: 'constrained', kind: 'tv' })
})
