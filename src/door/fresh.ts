import { networkHint } from '../lib/place.ts'
import { times } from '../lib/times.ts'
import type { Session } from '../sessions/session.ts'
import type { DoorExchange } from './exchange.ts'
import type { Ask } from './screens/acquaintances.ts'

/** Whether a person's sign-in at the door is young enough to let in what asks. */
export async function isFresh({ parts, place }: DoorExchange, session: Session, ask: Ask): Promise<boolean> {
  const age = parts.clock.now() - session.authTime
  if (age <= times.fresh) return true
  if (age > times.freshKnown) return false
  // SECURITY: where it cannot be told that the screen is where the phone is, an old sign-in is too old. Test: U6b: no header and no shared address makes an old sign-in do for a screen that was let in before
  if (networkHint(ask.place, place) !== 'same') return false
  return parts.acquaintances.knows(session.approvedBy, ask)
}
