import { expect, test } from 'vitest'
import { classify } from '../../src/screens/classify.ts'

/**
 * One real user agent for each family of research on televisions, consoles and cars. Hand-picked from the test data
 * of WhichBrowser and woothee (MIT, Apache-2.0), yauaa (Apache-2.0), uasurfer (Apache-2.0) and public issue threads.
 */
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const families: [family: string, kind: string, brand: string, userAgent: string][] = [
  [
    'HbbTV and CE-HTML',
    'tv',
    'Humax',
    'HbbTV/1.1.1 (+PVR;Humax;HD FOX+;1.00.12;1.0)CE-HTML/1.0 ANTGalio/3.1.1.23.04.09',
  ],
  [
    'browser that says TV',
    'tv',
    'Google',
    `Mozilla/5.0 (Linux; Android 11; 4K Google TV Stick Build/RTT0.210829.002; wv) ${CHROME} Version/4.0 Chrome/126.0.6478.134 YaBrowser/24.1.2.250 (lite) TV Safari/537.36`,
  ],
  ['smart TV word', 'tv', '', 'Mozilla/5.0 (TV; rv:44.0) Gecko/44.0 Firefox/44.0'],
  [
    'LG webOS',
    'tv',
    'LG',
    `Mozilla/5.0 (Web0S; Linux/SmartTV) ${CHROME} Chrome/79.0.3945.79 Safari/537.36 WebAppManager`,
  ],
  [
    'LG NetCast',
    'tv',
    'LG',
    'Mozilla/5.0 (Unknown; Linux armv7l) AppleWebKit/537.1+ (KHTML, like Gecko) Safari/537.1+ LG Browser/6.00.00(+mouse+3D+SCREEN+TUNER; LGE; 42LA660V-ZA; 04.22.07; 0x00000001;); LG NetCast.TV-2013 /04.22.07',
  ],
  [
    'Samsung Tizen',
    'tv',
    'Samsung',
    'Mozilla/5.0 (Linux; Tizen 2.3) AppleWebKit/538.1 (KHTML, like Gecko)Version/2.3 TV Safari/538.1',
  ],
  [
    'Samsung Maple',
    'tv',
    'Samsung',
    'Mozilla/5.0 (SmartHub; U; Maple2012) AppleWebKit/535.20+ (KHTML, like Gecko) Safari/535.20+',
  ],
  [
    'Sony BRAVIA on Android',
    'tv',
    'Sony',
    `Mozilla/5.0 (Linux; Android 8.0.0; BRAVIA 4K UR2 Build/OPR2.170623.027.S63; wv) ${CHROME} Version/4.0 Chrome/79.0.3945.93 Mobile Safari/537.36`,
  ],
  [
    'Panasonic Viera',
    'tv',
    'Panasonic',
    'Mozilla/5.0 (X11; FreeBSD; U; Viera; nl-NL) AppleWebKit/537.11 (KHTML, like Gecko) Viera/3.10.14 Chrome/23.0.1271.97 Safari/537.11',
  ],
  [
    'Philips NETTV',
    'tv',
    'Philips',
    `Mozilla/5.0 (Linux armv7l) ${CHROME} Chrome/49.0.2623.112 Safari/537.36 OPR/36.0.2128.0 OMI/4.8.0.66.Driver2.23 , _TV_MT5800/012.002.051.001 (Philips, 32PHS5301-12, wireless) CE-HTML/1.0 NETTV/4.5.0 SignOn/2.0 SmartTvA/4.0.0 en`,
  ],
  [
    'NetRange portal',
    'tv',
    'Loewe',
    `Mozilla/5.0 (Linux; U) ${CHROME} Chrome/59.0.3071.115 Safari/537.36 OPR/46.0.2207.0 LOEWE-SL310/5.1.8.0 HbbTV/1.2.1 (; LOEWE; SL310; LOH/5.1.8.0;;) CE-HTML/1.0 Config (L:nld,CC:NLD) NETRANGEMMH`,
  ],
  [
    'Hisense VIDAA, sold as Toshiba',
    'tv',
    'Toshiba',
    `Mozilla/5.0 (Linux armv7l) ${CHROME} Chrome/84.0.4147.140 Safari/537.36 OPR/46.0.2207.0 OMI/4.21.2.50.Honey.189 Model/Hisense-NT72671D VIDAA/5.0(TOSHIBA;SmartTV;43U7A;)`,
  ],
  ['Opera TV Store', 'tv', '', 'Opera/9.80 (Linux mips; Opera TV Store/5477) Presto/2.12.362 Version/12.10'],
  [
    'Vestel',
    'tv',
    'Vestel',
    'Opera/9.80 Presto/2.12.407 Version/12.51 UID(00:09:df:33:55:78/S7830/VESTEL/332.8)+CE-HTML;MEM:HIGH',
  ],
  [
    'maker, model and network',
    'tv',
    'TiVo',
    'Opera/9.80 (Linux mips) Presto/2.12.407 Version/12.51 , TiVo-Device/b-tcdclient-harmony/2013.12.17-2041 (TiVo, TCD8F6000, wired)',
  ],
  [
    'Titan OS',
    'tv',
    'Philips',
    `Mozilla/5.0 (Linux armv7l) ${CHROME} Chrome/122.0.4147.62 Safari/537.36 OPR/46.0.2207.0 OMI/4.24, TV_NT72690_2025_4K /<SW version> (Philips, <CTN>, wired) CE-HTML/1.0 NETTV/4.6.0.8 SignOn/2.0 SmartTvA/5.0.0 TitanOS/3.0 en Ginga`,
  ],
  [
    'Vega OS',
    'tv',
    'Amazon',
    `Mozilla/5.0 (Linux; Kepler 1.1; AFTCA002 user/1234; wv) ${CHROME} Mobile Chrome/130.0.6723.192 Safari/537.36`,
  ],
  [
    'Fire TV',
    'tv',
    'Amazon',
    `Mozilla/5.0 (Linux; Android 11; AFTKRT Build/RS8133.2817N; wv) ${CHROME} Version/4.0 Chrome/130.0.6723.170 Mobile Safari/537.36`,
  ],
  ['Chromecast', 'tv', 'Google', `Mozilla/5.0 (CrKey armv7l 1.5.16041) ${CHROME} Chrome/31.0.1650.0 Safari/537.36`],
  [
    'first Google TV',
    'tv',
    'Google',
    'Mozilla/5.0 (X11; Linux i686) AppleWebKit/534.24 (KHTML, like Gecko) Chrome/11.0.696.77 Large Screen Safari/534.24 GoogleTV/092754',
  ],
  ['Roku', 'tv', 'Roku', `Mozilla/5.0 (Roku) ${CHROME} Web/1.1 Safari/537.36`],
  [
    'Vizio SmartCast',
    'tv',
    'Vizio',
    `Mozilla/5.0 (X11; Linux armv7l) ${CHROME} Chrome/72.0.3626.121 Safari/537.36 CrKey/1.0.999999 VIZIO SmartCast(Conjure/SX7A-4.6.419.12 FW/11.0.120.1-1 Model/M55-E0)`,
  ],
  [
    'Cobalt',
    'tv',
    '',
    'Mozilla/5.0 (Linux armeabi-v7a; Android 7.0) Cobalt/11.121419-gold (unlike Gecko) Starboard/5, _ATV_bigfish/NRD90M (FORMULER, Formuler Z8 Pro, Wired) com.google.android.youtube.tv/2.02.08',
  ],
  ['set-top box', 'tv', 'Motorola', 'KreaTVWebKit/531 (Motorola STB; Linux)'],
  [
    'box of an operator',
    'tv',
    'Sky',
    `Mozilla/5.0 (X11; Linux armv7l) ${CHROME} QtWebEngine/5.9.7 Chrome/56.0.2924.122 Safari/537.36 Sky_STB_BC7445_2018/1.0.0 (Sky, ES140UK, )`,
  ],
  [
    'engine of televisions',
    'tv',
    '',
    'Mozilla/5.0 (X11; U; Linux i686; xx) AppleWebKit/531.2+ (KHTML, like Gecko) Espial/6.1.2 Version/4.0',
  ],
  [
    'TV browser app',
    'tv',
    'Nvidia',
    `TV Bro/1.0 Mozilla/5.0 (Linux; Android 11; SHIELD Android TV Build/RQ1A.210105.003; wv) ${CHROME} Version/4.0 Chrome/90.0.4430.91 Safari/537.36`,
  ],
  [
    'Android model that says Box',
    'tv',
    '',
    `Mozilla/5.0 (Linux; Android 10; CANAL PLUS BOX Build/QTT8.201201.002; wv) ${CHROME} Version/4.0 Chrome/136.0.7103.125 Mobile Safari/537.36`,
  ],
  [
    'Android television build, model code only',
    'tv',
    '',
    `Mozilla/5.0 (Linux; Android 11; AI PONT Build/RTM6.230109.082; wv) ${CHROME} Version/4.0 Chrome/136.0.7103.125 Mobile Safari/537.36`,
  ],
  [
    'Android spelt with a zero',
    'tv',
    '',
    `Mozilla/5.0 (Linux; Andr0id 5.1; QM163E Build/LMY47D) ${CHROME} Chrome/49.0.2623.87 Safari/537.36 OPR/32.0.2128.0`,
  ],
  [
    'Xbox',
    'console',
    'Xbox',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) ${CHROME} Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0`,
  ],
  [
    'Xbox app of Jellyfin',
    'console',
    'Xbox',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0 WebView2 Xbox`,
  ],
  [
    'PlayStation 5',
    'console',
    'PlayStation',
    'Mozilla/5.0 (PlayStation 5 3.03/SmartTV) AppleWebKit/605.1.15 (KHTML, like Gecko)',
  ],
  ['PSP', 'console', 'PlayStation', 'Mozilla/4.0 (PSP (PlayStation Portable); 2.00)'],
  [
    'Nintendo Switch',
    'console',
    'Nintendo',
    'Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.26.0 NintendoBrowser/5.1.0.23653',
  ],
  [
    'Nintendo 3DS like iPhone',
    'console',
    'Nintendo',
    'Mozilla/5.0 (New Nintendo 3DS like iPhone) AppleWebKit/536.30 (KHTML, like Gecko) NX/3.0.0.5.10 Mobile NintendoBrowser/1.1.9996.EU',
  ],
  [
    'Steam Deck',
    'console',
    'Steam',
    `Mozilla/5.0 (X11; Linux x86_64; Valve Steam Client/Steam Deck [Steam Deck Beta]/default/0) ${CHROME}`,
  ],
  ['Sega', 'console', 'Sega', 'Mozilla/3.0 (DreamPassport/3.0; SEGA/SAKURA-DP3)'],
  [
    'Android handheld',
    'console',
    '',
    'Mozilla/5.0 (Linux; U; Android 4.1.1; es-es; ARCHOS GAMEPAD Build/JRO03H) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Safari/534.30',
  ],
  [
    'Tesla',
    'car',
    'Tesla',
    `Mozilla/5.0 (X11; GNU/Linux) ${CHROME} Chromium/136.0.0.0 Chrome/136.0.0.0 Safari/537.36 Tesla/2025.20.6`,
  ],
  [
    'first Tesla',
    'car',
    'Tesla',
    'Mozilla/5.0 (X11; Linux) AppleWebKit/534.34 (KHTML, like Gecko) QtCarBrowser Safari/534.34',
  ],
  ['Volvo', 'car', 'Volvo', 'Mozilla/5.0 (VCC; 1.0; like Gecko) NetFront/4.2'],
]

for (const [family, kind, brand, userAgent] of families) {
  test(`${family} comes first to the QR page`, () => {
    expect(classify({ userAgent })).toMatchObject({ class: 'constrained', kind, brand })
  })
}

const offered: [kind: string, userAgent: string][] = [
  ['ereader', 'Mozilla/4.0 (compatible; Linux 2.6.22) NetFront/3.4 Kindle/2.0 (screen 600x800)'],
  [
    'headset',
    `Mozilla/5.0 (X11; Linux x86_64; Quest 3) ${CHROME} OculusBrowser/33.3.0.1.166.605484368 Chrome/124.0.6367.221 VR Safari/537.36`,
  ],
  [
    'watch',
    'Mozilla/5.0 (Linux; Tizen 2.2.1.3; SAMSUNG SM-R750A) AppleWebKit/538.1 (KHTML, like Gecko) Version/2.2.1.3 Mobile Safari/538.1',
  ],
  [
    'smart-display',
    `Mozilla/5.0 (Linux; Android 9; AEOHY) ${CHROME} Silk/94.3.10 like Chrome/94.0.4606.126 Safari/537.36`,
  ],
  [
    'signage',
    `BrightSign/6.0.50 (4K1142) Mozilla/5.0 (Unknown; Linux arm) ${CHROME} QtWebEngine/5.4.3 Chrome/37.0.2062.103 Safari/537.36`,
  ],
  [
    'tv',
    `Mozilla/5.0 (Linux; Android 9; X96Max Build/PPR1.180610.011; wv) ${CHROME} Version/4.0 Chrome/83.0.4103.120 Mobile Safari/537.36`,
  ],
  ['tv', 'Opera/9.80 (Linux armv7l; U; xx) Presto/2.9.219 Version/12.00'],
]

for (const [kind, userAgent] of offered) {
  test(`a ${kind} that may have a keyboard gets a choice: ${userAgent.slice(0, 60)}`, () => {
    expect(classify({ userAgent })).toMatchObject({ class: 'uncertain', kind })
  })
}
