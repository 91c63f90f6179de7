import { afterEach } from 'vitest'
import { createFakeClock } from '../clock.ts'
import { type Asked, ask as askAt } from './ask.ts'
import { furnish } from './house.ts'
import { type Jellyfin, type JellyfinOptions, startJellyfin } from './server.ts'

/** A furnished server without a gateway for each test, on a clock that the test turns. */
export type Alone = {
  clock: ReturnType<typeof createFakeClock>
  jellyfin(): Jellyfin
  /** Starts it; resolves with its administrator's key. */
  start(options?: JellyfinOptions): Promise<string>
  ask(method: string, target: string, headers?: Record<string, string>, body?: object): Promise<Asked>
  status(method: string, target: string, headers?: Record<string, string>, body?: object): Promise<number>
  /** A token for somebody by Quick Connect, on the device that `headers` name. */
  tokenFor(key: string, name: string, headers?: Record<string, string>): Promise<string>
}

/** What the web client says of itself, on one device. */
export const web = {
  authorization: 'MediaBrowser Client="Jellyfin Web", Device="LG TV", DeviceId="tv-1", Version="10.11.11"',
}

export const withToken = (token: string) => ({ authorization: `MediaBrowser Token="${token}"` })

export function useAlone(): Alone {
  const clock = createFakeClock()
  let server: Jellyfin | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })
  const jellyfin = () => {
    if (server === undefined) throw new Error('Jellyfin has not been started')
    return server
  }
  const ask: Alone['ask'] = (method, target, headers = {}, body) =>
    askAt(method, jellyfin().origin + target, { headers, ...(body && { body }) })
  return {
    clock,
    jellyfin,
    ask,
    async start(options = {}) {
      server = await startJellyfin({ clock, ...options })
      furnish(server)
      return server.state.devices.keys()[0]?.token ?? ''
    },
    status: async (...given) => (await ask(...given)).status,
    async tokenFor(key, name, headers = web) {
      const { Code, Secret } = (await ask('POST', '/QuickConnect/Initiate', headers)).json<{
        Code: string
        Secret: string
      }>()
      const user = jellyfin().state.users.named(name)?.id
      await ask('POST', `/QuickConnect/Authorize?code=${Code}&userId=${user}`, withToken(key))
      return (await ask('POST', '/Users/AuthenticateWithQuickConnect', {}, { Secret })).json<{ AccessToken: string }>()
        .AccessToken
    },
  }
}
