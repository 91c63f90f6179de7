import fc from 'fast-check'
import { cookieNames, isOurCookie, readCookie } from '../../src/sessions/cookies.ts'
import { cookieFault, withoutOurs } from '../../src/traffic/forwarding/cookie-pairs.ts'
import { anyCase, bytes, mixed } from '../pieces.ts'
import { must, pureTarget } from '../target.ts'

const ours = cookieNames(true, 'movies.home.example')

const name = fc.oneof(
  fc.constantFrom(ours.session, ours.binding, ours.way, 'entryphone-0a1b2c3d', 'sid', 'entryphones', '__Host-', ''),
  anyCase(ours.session),
  bytes(12),
)
const value = fc.oneof(fc.constantFrom('v', '"v"', 'a=b', ' v ', 'v.w-x_y'), bytes(20))
const pair = fc
  .tuple(name, fc.constantFrom('=', ' = ', '', '=='), value)
  .map(([left, sign, right]) => left + sign + right)
const header = fc
  .array(fc.tuple(pair, fc.constantFrom('; ', ';', ' ;\t', ';;')), { maxLength: 12 })
  .map((pairs) => pairs.flat().join(''))

/** What goes on to an app holds none of our cookies and all of the others; a session is read from one clear value. */
export const requestCookies = pureTarget(
  'request-cookies',
  fc.property(header, (cookie) => {
    const kept = withoutOurs(cookie)
    const names = (all: string) => all.split(';').map((part) => part.split('=', 1)[0]?.trim() ?? '')
    must(!names(kept ?? '').some(isOurCookie), 'a cookie of ours goes on')
    const theirs = (all: string) =>
      all
        .split(';')
        .filter((part) => part.trim() !== '' && !isOurCookie(part.split('=', 1)[0] ?? ''))
        .map((part) => part.trim())
    must(theirs(kept ?? '').join(';') === theirs(cookie).join(';'), 'a cookie of the app is lost or changed')
    const read = readCookie(cookie, ours.session)
    if (read === undefined) return
    must(/^[A-Za-z0-9._-]{1,200}$/.test(read), 'a value of another shape')
    const all = cookie.split(';').filter((part) => part.includes('=') && part.split('=', 1)[0]?.trim() === ours.session)
    must(
      all.every((part) => part.slice(part.indexOf('=') + 1).trim() === read),
      'one of two values is believed',
    )
  }),
)

const attribute = mixed(
  [
    '; Domain=',
    '; domain = ',
    'home.example',
    '.home.example',
    'door.home.example',
    'example',
    '; Path=/',
    '; Secure',
    ';;',
  ],
  bytes(8),
  8,
)

/** A cookie of an app that reaches the browser is neither named like ours nor sent to the door. */
export const appCookies = pureTarget(
  'app-cookies',
  fc.property(pair, attribute, (first, rest) => {
    const line = first + rest
    if (cookieFault(line, 'door.home.example') !== undefined) return
    const [set = '', ...attributes] = line.split(';')
    must(!isOurCookie(set.split('=', 1)[0] ?? ''), 'an app sets a cookie of ours')
    for (const one of attributes) {
      const [key = '', domain = ''] = one.split('=').map((part) => part.trim().toLowerCase())
      if (key === 'domain')
        must(!['home.example', '.home.example', 'door.home.example', 'example'].includes(domain), 'covers the door')
    }
  }),
)
