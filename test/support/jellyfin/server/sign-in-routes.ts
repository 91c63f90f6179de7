import { type Answer, fault, json, nothing, type Route, route } from './router.ts'
import type { State } from './state.ts'
import { DEFAULT_PROVIDER, userDto } from './users.ts'

/** Signing in by name, and out; the devices and keys that have tokens. */
export function signInRoutes(state: State): Route[] {
  const { users, devices } = state
  return [
    route('nothing', 'POST', '/Users/AuthenticateByName', ({ body, info, place }) => {
      const { Username, Pw } = (body ?? {}) as { Username?: unknown; Pw?: unknown }
      if (typeof Username !== 'string') return fault(400)
      // Recalled: without one of its four parts nobody can be signed in.
      if ([info.client, info.device, info.deviceId, info.version].includes('')) return fault(400)
      const user = users.named(Username)
      if (user === undefined || user.password !== (Pw ?? '')) return fault(401)
      // Users by API key: a provider that does not exist blocks passwords, and Quick Connect goes on working.
      if (user.policy.AuthenticationProviderId !== DEFAULT_PROVIDER) return fault(401)
      // Recalled: unlike by Quick Connect, both are looked at before there is a token.
      if (user.policy.IsDisabled || (!user.policy.EnableRemoteAccess && !place.isLocal)) return fault(403)
      const device = devices.signIn(user, info)
      if (device === 'forbidden') return fault(403)
      if (device === 'too-long') return fault(500)
      return authenticationResult(state, device.token)
    }),
    // What needs no token at all; the answers are recalled, and tell nobody whether there is such a user.
    route('nothing', 'POST', '/Users/ForgotPassword', () => json({ Action: 'ContactAdmin' })),
    route('nothing', 'POST', '/Users/ForgotPassword/Pin', () => json({ Success: false, UsersReset: [] })),
    // Log out: 204, and the token is gone; a client may send it twice, and then has none to show.
    route('token', 'POST', '/Sessions/Logout', ({ info }) => {
      devices.end(({ token }) => token === info.token)
      return nothing
    }),
    route('admin', 'GET', '/Devices', () => {
      const Items = devices.all().map((device) => ({
        Id: device.deviceId,
        Name: device.name,
        AppName: device.app,
        AppVersion: device.version,
        LastUserId: device.userId,
        LastUserName: users.find(device.userId)?.name,
        DateLastActivity: new Date(device.lastActivity).toISOString(),
      }))
      return json({ Items, TotalRecordCount: Items.length, StartIndex: 0 })
    }),
    // Log out by key: takes the tokens of everybody on that device.
    route('admin', 'DELETE', '/Devices', ({ query }) =>
      devices.end(({ deviceId }) => deviceId === query('id')) > 0 ? nothing : fault(404),
    ),
    // Users by API key, set-up: 200 here and at `/System/Info` says that a key is good.
    route('admin', 'GET', '/Auth/Keys', () => {
      const Items = devices.keys().map((key) => ({
        AccessToken: key.token,
        AppName: key.app,
        DateCreated: new Date(key.created).toISOString(),
      }))
      return json({ Items, TotalRecordCount: Items.length, StartIndex: 0 })
    }),
    route('admin', 'POST', '/Auth/Keys', ({ query }) => {
      if (query('app') === '') return fault(400)
      devices.addKey(query('app'))
      return nothing
    }),
    route('admin', 'DELETE', '/Auth/Keys/{key}', ({ param }) =>
      devices.removeKey(param('key')) ? nothing : fault(404),
    ),
  ]
}

/** Quick Connect, redeeming, and by name: what every way of signing in ends with. */
export function authenticationResult(state: State, token: string): Answer {
  const device = state.devices.find(token)
  const user = device !== undefined && 'userId' in device ? state.users.find(device.userId) : undefined
  if (device === undefined || !('userId' in device) || user === undefined) return fault(404)
  return json({
    User: userDto(user, state.serverId),
    SessionInfo: {
      Id: `${device.deviceId}-session`,
      UserId: user.id,
      UserName: user.name,
      Client: device.app,
      DeviceName: device.name,
      DeviceId: device.deviceId,
      ApplicationVersion: device.version,
      ServerId: state.serverId,
    },
    AccessToken: device.token,
    ServerId: state.serverId,
  })
}
