import { readCookie } from '../sessions/cookies.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { App } from './app.ts'
import type { Head } from './head.ts'
import type { SessionFinder } from './parts.ts'

/** Finds the session that a request brings along: one cookie read, and no promise when the finder knows at once. */
export function findSession(
  sessions: SessionFinder,
  app: App,
  head: Head,
): FoundSession | undefined | Promise<FoundSession | undefined> {
  const cookie = readCookie(head.cookie, app.cookies.session)
  return cookie === undefined ? undefined : sessions.find(cookie)
}
