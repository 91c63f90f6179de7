import { readCookie } from './cookies.ts'
import type { FoundSession, Sessions } from './sessions.ts'

/** Finds the session that a Cookie header brings along under `name`: no promise when the finder knows at once. */
export function findSession(
  sessions: Pick<Sessions, 'find'>,
  header: string | undefined,
  name: string,
): FoundSession | undefined | Promise<FoundSession | undefined> {
  const cookie = readCookie(header, name)
  return cookie === undefined ? undefined : sessions.find(cookie)
}
