import type { Screen } from './screen.ts'

/** What is left when nothing says screen, phone or tablet: a computer, a robot, an app, or a riddle. */
export function ordinary(userAgent: string, platformHint: string): Screen {
  const capable = (kind: Screen['kind'], why: string, brand = ''): Screen => ({ class: 'capable', kind, brand, why })
  if (userAgent === '') return capable('unknown', 'it sent no user agent')
  if (/(?<!cu)bot\b|crawler|spider|slurp|facebookexternalhit|\(compatible; [^)]*\+https?:/i.test(userAgent)) {
    return capable('bot', 'it says that it is a robot')
  }
  if (/Android/.test(platformHint) && !/Android/.test(userAgent)) {
    return capable('tablet', 'it is an ordinary Android device that asks for the desktop site')
  }
  if (/Windows|Macintosh|X11|CrOS|Win(?:9\d|NT)|Linux x86_64/.test(userAgent)) {
    return capable('desktop', 'it is an ordinary computer')
  }
  if (/Android/.test(userAgent)) {
    return capable(/Mobile/.test(userAgent) ? 'phone' : 'tablet', 'it is an ordinary Android device')
  }
  if (/\bMobile\b|MIDP|Symbian|BlackBerry/i.test(userAgent)) return capable('phone', 'it is an ordinary phone')
  if (!userAgent.startsWith('Mozilla/')) return capable('app', 'it is an app or a tool, not a known screen')
  return capable('unknown', 'nothing in it speaks of a screen that is hard to type on')
}
