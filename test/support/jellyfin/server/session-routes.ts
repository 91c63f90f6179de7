import { type Call, json, nothing, type Route, route } from './router.ts'
import type { State } from './state.ts'

/** What a client reports while somebody watches, and watching together. */
export function sessionRoutes(state: State): Route[] {
  const report = (event: string) => (call: Call) => {
    const { ItemId } = (call.body ?? {}) as { ItemId?: string }
    if (call.caller.kind === 'user') state.played.push({ event, userId: call.caller.user.id, itemId: ItemId ?? '' })
    return nothing
  }
  // Recalled, but for what is reported on the way: 204 to whoever has a token.
  return [
    route('token', 'GET', '/Sessions', () =>
      json(
        state.devices.all().map(({ userId, deviceId, app }) => ({ UserId: userId, DeviceId: deviceId, Client: app })),
      ),
    ),
    route('token', 'POST', '/Sessions/Capabilities', () => nothing),
    route('token', 'POST', '/Sessions/Capabilities/Full', () => nothing),
    route('token', 'POST', '/Sessions/Playing', report('start')),
    route('token', 'POST', '/Sessions/Playing/Progress', report('progress')),
    route('token', 'POST', '/Sessions/Playing/Stopped', report('stop')),
    route('token', 'POST', '/SyncPlay/New', ({ body, info }) => {
      const { GroupName } = (body ?? {}) as { GroupName?: string }
      state.tell(info.token, { MessageType: 'SyncPlayGroupUpdate', Data: { Type: 'GroupJoined', GroupName } })
      return nothing
    }),
  ]
}
