import { idOf } from './house.ts'
import type { Jellyfin } from './server.ts'

/** Approves a code for somebody with the administrator's key, past any gateway; the answer's status. */
export async function approveWithKey(jellyfin: Jellyfin, code: string, name: string): Promise<number> {
  const key = jellyfin.state.devices.keys()[0]?.token ?? ''
  const address = `${jellyfin.origin}/QuickConnect/Authorize?code=${code}&userId=${idOf(jellyfin, name)}`
  const answer = await fetch(address, { method: 'POST', headers: { authorization: `MediaBrowser Token="${key}"` } })
  return answer.status
}

/** A token for somebody on a device, made the same way. */
export async function tokenFor(jellyfin: Jellyfin, name: string, deviceId: string): Promise<string> {
  const says = `MediaBrowser Client="Test", Device="Test", DeviceId="${deviceId}", Version="1"`
  const post = (path: string, body?: object) =>
    fetch(`${jellyfin.origin}${path}`, {
      method: 'POST',
      headers: { authorization: says, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const { Code, Secret } = (await (await post('/QuickConnect/Initiate')).json()) as { Code: string; Secret: string }
  await approveWithKey(jellyfin, Code, name)
  const redeemed = (await (await post('/Users/AuthenticateWithQuickConnect', { Secret })).json()) as {
    AccessToken: string
  }
  return redeemed.AccessToken
}
