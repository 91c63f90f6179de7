import { judge } from '../sessions/allow.ts'
import { findSession } from '../sessions/find-session.ts'
import type { FoundSession } from '../sessions/sessions.ts'
import type { ThresholdExchange } from './exchange.ts'

/** The session of this host, of somebody who may open its app. */
export async function whoIsHere({ parts, app, request }: ThresholdExchange): Promise<FoundSession | undefined> {
  const found = await findSession(parts.sessions, request.headers.cookie, app.cookies.session)
  // SECURITY: who may no longer open the app is not brought into it. Test: whoever may no longer open the app is not taken into it
  if (found?.session.app !== app.name || !judge(app.allow, found.session.approvedBy).allowed) return undefined
  return found
}
