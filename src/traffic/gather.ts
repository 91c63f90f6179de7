import { readCookie } from '../sessions/cookies.ts'
import type { App } from './app.ts'
import type { Head } from './head.ts'
import type { Found, SessionFinder } from './parts.ts'

/** Finds the session that a request brings along: one cookie read, and no promise when the finder knows at once. */
export function findSession(
  sessions: SessionFinder,
  app: App,
  head: Head,
): Found | undefined | Promise<Found | undefined> {
  const cookie = readCookie(head.cookie, app.cookies.session)
  return cookie === undefined ? undefined : sessions.find(cookie, app)
}
