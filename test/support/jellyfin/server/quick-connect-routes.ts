import { type Answer, type Call, fault, json, type Route, route } from './router.ts'
import { authenticationResult } from './sign-in-routes.ts'
import type { State } from './state.ts'
import { plainId } from './users.ts'
import { differences } from './version.ts'

/** Quick Connect: enabled, start, state, approve, redeem. */
export function quickConnectRoutes(state: State): Route[] {
  const { quickConnect, users, devices } = state

  /** Quick Connect, errors: whatever it is asked for, 401 while it is switched off. */
  const whenOn =
    (answer: (call: Call) => Answer) =>
    (call: Call): Answer =>
      state.settings.QuickConnectAvailable ? answer(call) : fault(401)

  const begin = whenOn(({ info, caller }) => {
    // An API key that is sent along puts its own name in the place of the client's.
    const client = caller.kind === 'key' ? caller.key.app : info.client
    if ([client, info.device, info.deviceId, info.version].includes('')) return fault(400)
    return json(quickConnect.begin({ ...info, client }))
  })

  const look = whenOn(({ query }) => {
    const result = quickConnect.look(query('secret'))
    return result === undefined ? json('Unknown secret', 404) : json(result)
  })

  const approve = whenOn(({ query, caller }) => {
    const wanted = plainId(query('userId'))
    const own = caller.kind === 'user' ? caller.user.id : ''
    if (wanted !== '' && wanted !== own && caller.kind === 'user' && !caller.user.policy.IsAdministrator)
      return fault(403)
    const request = quickConnect.withCode(query('code'))
    // A key has no user of its own: without `userId` there is nobody to sign in.
    const user = users.find(wanted || own)
    if (query('code') === '' || user === undefined) return fault(400)
    if (request === undefined) return fault(404)
    if (request.Authenticated) return fault(500)
    const device = devices.signIn(user, {
      client: request.AppName,
      device: request.DeviceName,
      deviceId: request.DeviceId,
      version: request.AppVersion,
    })
    if (device === 'forbidden') return fault(403)
    if (device === 'too-long') return fault(500)
    quickConnect.approve(request, device.token)
    return json(true)
  })

  const redeem = whenOn(({ body }) => {
    const secret = (body as { Secret?: unknown } | undefined)?.Secret
    if (typeof secret !== 'string') return fault(400)
    // Recalled: a secret that is not approved is not found.
    const token = quickConnect.redeem(secret)
    return token === undefined ? fault(404) : authenticationResult(state, token)
  })

  return [
    route('nothing', 'GET', '/QuickConnect/Enabled', () => json(state.settings.QuickConnectAvailable)),
    route('nothing', differences[state.version].initiate, '/QuickConnect/Initiate', begin),
    route('nothing', 'GET', '/QuickConnect/Connect', look),
    route('token', 'POST', '/QuickConnect/Authorize', approve),
    route('nothing', 'POST', '/Users/AuthenticateWithQuickConnect', redeem),
  ]
}
