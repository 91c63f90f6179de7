import { isOurCookie } from '../../sessions/cookies.ts'

/** A Cookie value without ours, the rest byte for byte; undefined when nothing is left. */
export function withoutOurs(cookie: string): string | undefined {
  if (!/entryphone/i.test(cookie)) return cookie
  const kept: string[] = []
  for (const pair of cookie.split(';')) {
    // SECURITY: an app that sees the cookie can be the person. Test: our cookies never reach the app
    if (isOurCookie(nameOf(pair))) continue
    kept.push(pair)
  }
  const rest = kept.join(';').trimStart()
  return rest.trim() === '' ? undefined : rest
}

/**
 * Why a Set-Cookie value of an app must not reach the browser: it is one of ours, or it would be sent to the door as
 * well. Undefined when it may.
 */
export function cookieFault(setCookie: string, doorHost: string): 'our-name' | 'covers-door' | undefined {
  const [pair = '', ...attributes] = setCookie.split(';')
  // A cookie without a name is sent back as its bare value, which may look like one of ours.
  if (isOurCookie(nameOf(pair.replace(/^[\s=]+/, '')))) return 'our-name'
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=', 2)
    if (name.trim().toLowerCase() !== 'domain') continue
    const domain = value.trim().toLowerCase().replace(/^\./, '')
    if (domain === doorHost || doorHost.endsWith(`.${domain}`)) return 'covers-door'
  }
  return undefined
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return (equals < 0 ? pair : pair.slice(0, equals)).trim()
}
