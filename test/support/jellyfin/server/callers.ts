import type { Answer, Call, Caller, Route } from './router.ts'
import { fault } from './router.ts'
import type { State } from './state.ts'

/** Whose token this is; nobody's when it is unknown or belongs to somebody who is disabled. */
export function callerOf(state: State, token: string): Caller {
  const found = token === '' ? undefined : state.devices.find(token)
  if (found === undefined) return { kind: 'nobody' }
  if (!('userId' in found)) return { kind: 'key', key: found }
  const user = state.users.find(found.userId)
  // Quick Connect, what trips one up: a disabled user gets a token, and every later call with it fails.
  if (user === undefined || user.policy.IsDisabled) return { kind: 'nobody' }
  found.lastActivity = state.clock.now()
  return { kind: 'user', user, device: found }
}

/** Why this caller may not have this route; undefined when they may. */
export function refusalFor(needs: Route['needs'], { caller, place }: Call): Answer | undefined {
  if (needs === 'nothing') return undefined
  // A challenge has no body.
  if (caller.kind === 'nobody') return { status: 401 }
  // Quick Connect, an API key approving: every key has the administrator's role.
  if (caller.kind === 'key') return undefined
  // Proxy settings: this rule sees the address that forwarding headers give, or the gateway's own.
  if (!caller.user.policy.EnableRemoteAccess && !place.isLocal) return fault(403)
  return needs === 'admin' && !caller.user.policy.IsAdministrator ? fault(403) : undefined
}
