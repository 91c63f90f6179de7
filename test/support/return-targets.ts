/** What the origin of an app is turned into to lead somebody away from it. `app`: its authority, as in `cinema.home.example:8443`. */
export function returnTargets(app: string): string[] {
  const host = app.replace(/:\d+$/, '')
  const evil = 'evil.example'
  // A path to one parser, a host to another: two characters that some read as slashes, with something between them.
  const slashes = ['/', '\\', '%2f', '%5c', '／', '⁄']
  const between = ['', '\t', '\n', '\r', '%09', '%0a', '%0d', '%00', ' ', '.', './', '/']
  const paths = slashes.flatMap((first) =>
    slashes.flatMap((second) => between.map((middle) => `${first}${middle}${second}${evil}/x`)),
  )
  const dots = ['..', '.', '%2e%2e', '.%2e', '%2e', '..;', '%252e%252e']
  const resolved = dots.flatMap((dot) => [`/${dot}//${evil}`, `/${dot}/\\${evil}`, `/a/${dot}/${dot}//${evil}`])
  const authorities = [
    evil,
    `${app}@${evil}`,
    `${app}:443@${evil}`,
    `${evil}\\@${app}`,
    `${evil}#@${app}`,
    `${evil}?@${app}`,
    `${app}.${evil}`,
    `${host}.${evil}`,
    `x${host}`,
    `${host}x`,
    `${host}.:1`,
    `${host}:9`,
    `${host}。${evil}`,
    `${host}%2e${evil}`,
    `ⓔvil.example`,
    `evil%E3%80%82example`,
    '[::1]',
    '0x7f.1',
    'localhost',
    'com',
  ]
  const schemes = [
    'http://',
    'https://',
    '//',
    '///',
    '////',
    'https:',
    'https:/',
    'https:///',
    'HTTPS://',
    '\\\\',
    '/\\',
    '\\/',
  ]
  const absolute = authorities.flatMap((authority) => schemes.map((scheme) => `${scheme}${authority}/`))
  const scripts = [
    'javascript',
    'JavaScript',
    ' javascript',
    '\tjavascript',
    '\x01javascript',
    'java\nscript',
    'vbscript',
  ].flatMap((scheme) => [`${scheme}:alert(1)`, `${scheme}://%0aalert(1)`, `/${scheme}:alert(1)`])
  const others = ['data:text/html,x', 'blob:https://evil.example/x', 'file:///etc/passwd', 'intent://x#Intent;end']
  const lines = ['\r\n', '%0d%0a', '%250d%250a', '\n', '%0a', '\u2028', '%E5%98%8A%E5%98%8D'].map(
    (end) => `/x${end}Location: https://${evil}/${end}Set-Cookie: a=b`,
  )
  // Ours, where somebody would be signed out, or go round for ever.
  const ours = ['sign-out', 'start', 'ticket?t=x', 'way/here', ''].flatMap((path) => [
    `/.entryphone/auth/${path}`,
    `/.ENTRYPHONE/auth/${path}`,
    `/%2eentryphone/auth/${path}`,
    `/;/.entryphone/auth/${path}`,
  ])
  return [
    ...new Set([...paths, ...resolved, ...absolute, ...scripts, ...others, ...lines, ...ours, '', 'x', '?', '#', '*']),
  ]
}
