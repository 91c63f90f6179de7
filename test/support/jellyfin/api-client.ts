import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { Agent, fetch } from 'undici'
import { afterEach } from 'vitest'
import { WebSocket } from 'ws'
import { loopbackLookup } from '../../../src/demo/loopback.ts'
import { apiClientFile } from './server/web-routes.ts'

/** Jellyfin's own library as it runs in one browser tab, with what that tab keeps. */
export type ApiClientWorld = {
  library: Library
  storage: Map<string, string>
  /** The names and values of the requests' header fields that tell a server who asks. */
  sent: { method: string; url: string; headers: Record<string, string> }[]
  close(): Promise<void>
}

/** What tests use of the library. */
export type Library = {
  ConnectionManager: new (
    credentials: Credentials,
    app: string,
    version: string,
    device: string,
    deviceId: string,
    capabilities: object,
  ) => ConnectionManager
  Credentials: new () => Credentials
  Events: { on(of: object, event: string, run: (event: unknown, ...rest: never[]) => void): void }
}
export type Credentials = { credentials(): { Servers: StoredServer[] } }
export type StoredServer = { Id?: string; ManualAddress?: string; AccessToken?: string | null; UserId?: string | null }
export type ConnectionManager = {
  connectToAddress(address: string, options?: object): Promise<Connection>
  connectToServer(server: StoredServer, options?: object): Promise<Connection>
  logout(): Promise<void>
}
export type Connection = { State: string; ApiClient: ApiClient; SystemInfo: { Version: string } }
export type ApiClient = {
  enableAutomaticBitrateDetection: boolean
  isWebSocketOpen(): boolean
  accessToken(): string | null
  getCurrentUser(): Promise<{ Name: string; Id: string }>
  getPublicUsers(): Promise<{ Name: string }[]>
  authenticateUserByName(name: string, password: string): Promise<{ AccessToken: string }>
  getQuickConnect(verb: string): Promise<{ Secret: string; Code: string; Authenticated: boolean }>
  quickConnect(secret: string): Promise<{ AccessToken: string }>
  getJSON(url: string): Promise<unknown>
  getUrl(name: string, params?: object): string
  reportPlaybackStart(options: { ItemId: string }): Promise<unknown>
  closeWebSocket(): void
}

/** Opens tabs, which are closed after each test. */
export function useTabs(): typeof startApiClient {
  const tabs: ApiClientWorld[] = []
  afterEach(() => Promise.all(tabs.splice(0).map((tab) => tab.close())))
  return (...given) => {
    const tab = startApiClient(...given)
    tabs.push(tab)
    return tab
  }
}

/** Loads the library into a world of its own; `cookie` is what the tab's browser keeps for the page's host. */
function startApiClient(origin: string, cookie = () => ''): ApiClientWorld {
  const agent = new Agent({ connect: { lookup: loopbackLookup } })
  const storage = new Map<string, string>()
  const sockets = new Set<WebSocket>()
  const sent: ApiClientWorld['sent'] = []

  function tabFetch(url: string, init: { method?: string; headers?: Record<string, string> } = {}) {
    const method = init.method ?? 'GET'
    sent.push({ method, url, headers: { ...init.headers } })
    const browser = { cookie: cookie(), 'sec-fetch-site': 'same-origin', ...(method !== 'GET' && { origin }) }
    return fetch(url, { ...init, headers: { ...init.headers, ...browser }, dispatcher: agent })
  }

  class TabSocket extends WebSocket {
    constructor(url: string) {
      super(url, { origin, headers: { cookie: cookie() }, lookup: loopbackLookup } as object)
      sockets.add(this)
      this.on('error', () => undefined)
    }
  }

  const world: Record<string, unknown> = {
    fetch: tabFetch,
    WebSocket: TabSocket,
    localStorage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, String(value)),
      removeItem: (key: string) => void storage.delete(key),
    },
    console: { log: () => undefined, debug: () => undefined },
    // The library measures bandwidth now and then: no reason for a test to stay.
    setTimeout: (run: () => void, ms?: number) => setTimeout(run, ms).unref(),
    setInterval: (run: () => void, ms?: number) => setInterval(run, ms).unref(),
    clearTimeout,
    clearInterval,
    Response,
  }
  world['self'] = world['window'] = world
  runInContext(readFileSync(apiClientFile, 'utf8'), createContext(world))
  return {
    library: world['jellyfin-apiclient'] as Library,
    storage,
    sent,
    async close() {
      for (const socket of sockets) socket.terminate()
      await agent.close()
    },
  }
}
