import type { ApiClient, ApiClientWorld, Connection, StoredServer } from './api-client.ts'

/** A tab that has found the server at `origin` as Jellyfin's web client does, with what it keeps there. */
export type Found = Connection & {
  signOut(): Promise<void>
  /** Resolves when the client's socket is open, or when the next message of this type has come over it. */
  socketOpen(): Promise<void>
  message(type: string): Promise<{ Data: unknown }>
}

export async function find(tab: ApiClientWorld, origin: string, saved?: StoredServer): Promise<Found> {
  const { ConnectionManager, Credentials, Events } = tab.library
  const manager = new ConnectionManager(new Credentials(), 'Jellyfin Web', '10.11.11', 'Chrome', 'tab-1', {})
  // It would measure how fast the way is, and call that activity.
  const options = { enableAutomaticBitrateDetection: false }
  const server = { ...(saved ?? { ManualAddress: origin }), manualAddressOnly: true }
  const found = await manager.connectToServer(server, options)
  const client = found.ApiClient as ApiClient | undefined
  const next = <Out>(event: string, take: (given: never) => Out | undefined) => {
    const { promise, resolve } = Promise.withResolvers<Out>()
    if (client === undefined) throw new Error(`there is no client: ${found.State}`)
    Events.on(client, event, (_event, given: never) => {
      const out = take(given)
      if (out !== undefined) resolve(out)
    })
    return promise
  }
  return {
    ...found,
    signOut: () => manager.logout(),
    async socketOpen() {
      if (!client?.isWebSocketOpen()) await next('websocketopen', () => true)
    },
    message: (type) =>
      next('message', (given: { MessageType: string; Data: unknown }) =>
        given.MessageType === type ? given : undefined,
      ),
  }
}

/** Signs in by Quick Connect as a person with a television does; `approve` is given the code. */
export async function quickConnect(found: Found, approve: (code: string) => Promise<unknown>): Promise<string> {
  const { Secret, Code } = await found.ApiClient.getQuickConnect('Initiate')
  await approve(Code)
  const state = await found.ApiClient.getJSON(found.ApiClient.getUrl('QuickConnect/Connect', { Secret }))
  if ((state as { Authenticated: boolean }).Authenticated !== true) throw new Error('it was not approved')
  return (await found.ApiClient.quickConnect(Secret)).AccessToken
}

/** The server that a tab keeps. */
export function kept(tab: ApiClientWorld): StoredServer {
  const stored = JSON.parse(tab.storage.get('jellyfin_credentials') ?? '{}') as { Servers?: StoredServer[] }
  return stored.Servers?.[0] ?? {}
}
