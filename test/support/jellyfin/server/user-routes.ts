import { type Call, fault, json, nothing, type Route, route } from './router.ts'
import type { State } from './state.ts'
import { type Policy, plainId, userDto } from './users.ts'

/** The people of the server, as they and API keys see them. */
export function userRoutes(state: State): Route[] {
  const { users, devices } = state
  const dto = (user: Parameters<typeof userDto>[0]) => userDto(user, state.serverId)

  function setPassword(id: string, { body, caller, info }: Call) {
    const user = users.find(id)
    if (user === undefined) return fault(404)
    const isOwn = caller.kind === 'user' && caller.user.id === user.id
    if (!isOwn && caller.kind === 'user' && !caller.user.policy.IsAdministrator) return fault(403)
    const { CurrentPw, NewPw } = (body ?? {}) as { CurrentPw?: string; NewPw?: string }
    // Other ways to a token: an administrator or a key needs no old password; all other tokens of the user end.
    if (isOwn && !caller.user.policy.IsAdministrator && (CurrentPw ?? '') !== user.password) return fault(403)
    user.password = NewPw ?? ''
    devices.end(({ userId, token }) => userId === user.id && token !== info.token)
    return nothing
  }

  return [
    // What needs no token at all: whoever is not hidden, by name.
    route('nothing', 'GET', '/Users/Public', () =>
      json(
        users
          .all()
          .filter(({ policy }) => !policy.IsHidden && !policy.IsDisabled)
          .map(dto),
      ),
    ),
    // Other ways to a token: an API key has no user, and 400 tells it from a user's token.
    route('token', 'GET', '/Users/Me', ({ caller }) => (caller.kind === 'user' ? json(dto(caller.user)) : fault(400))),
    // Users by API key: the whole list, to any token.
    route('token', 'GET', '/Users', () => json(users.all().map(dto))),
    route('admin', 'POST', '/Users/New', ({ body }) => {
      const { Name, Password } = (body ?? {}) as { Name?: unknown; Password?: unknown }
      if (typeof Name !== 'string') return fault(400)
      // New users: without a password the account takes the empty one.
      const user = users.create(Name, typeof Password === 'string' ? Password : '')
      return user === undefined ? fault(400) : json(dto(user))
    }),
    route('token', 'POST', '/Users/Password', (call) => {
      const own = call.caller.kind === 'user' ? call.caller.user.id : ''
      return setPassword(call.query('userId') || own, call)
    }),
    route('token', 'GET', '/Users/{id}', ({ param }) => {
      const user = users.find(param('id'))
      return user === undefined ? fault(404) : json(dto(user))
    }),
    route('admin', 'POST', '/Users/{id}/Policy', ({ param, body }) => {
      const user = users.find(param('id'))
      const policy = (body ?? {}) as Partial<Policy>
      if (user === undefined) return fault(404)
      // Policy: the whole of it is replaced, and both providers have to be named.
      if (!policy.AuthenticationProviderId || !policy.PasswordResetProviderId) return fault(400)
      user.policy = policy as Policy
      return nothing
    }),
    route('admin', 'DELETE', '/Users/{id}', ({ param }) => {
      const id = plainId(param('id'))
      if (users.find(id) === undefined) return fault(404)
      users.remove(id)
      devices.end(({ userId }) => userId === id)
      return nothing
    }),
  ]
}
