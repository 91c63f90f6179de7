import { json, nothing, type Route, route } from './router.ts'
import type { State } from './state.ts'
import { differences } from './version.ts'

/** What a client asks a server before anything else, and what an administrator sets. */
export function systemRoutes(state: State): Route[] {
  const { settings } = state
  const text = { 'content-type': 'text/plain' }
  const publicInfo = () => ({
    // Recalled: its own address at home, even to somebody far away, unless an administrator publishes another.
    LocalAddress: state.localAddress,
    ServerName: state.name,
    Version: differences[state.version].full,
    ProductName: 'Jellyfin Server',
    OperatingSystem: '',
    Id: state.serverId,
    StartupWizardCompleted: true,
  })
  return [
    // What needs no token at all. `Id` is what the web client compares with the one that it keeps.
    route('nothing', 'GET', '/System/Info/Public', () => json(publicInfo())),
    // Stored sign-in: the web client asks this with what it keeps, and forgets its token after any failure.
    route('token', 'GET', '/System/Info', () => json({ ...publicInfo(), HasPendingRestart: false })),
    route('nothing', ['GET', 'POST'], '/System/Ping', () => json('Jellyfin Server')),
    // Proxy settings: without known proxies everybody seems to be at home.
    route('token', 'GET', '/System/Endpoint', ({ place }) =>
      json({ IsLocal: place.address === '127.0.0.1', IsInNetwork: place.isLocal }),
    ),
    // Other ways to a token: how an administrator or a key switches Quick Connect on; left out, it is on.
    route('admin', 'GET', '/System/Configuration', () =>
      json({ QuickConnectAvailable: settings.QuickConnectAvailable }),
    ),
    route('admin', 'POST', '/System/Configuration', ({ body }) => {
      settings.QuickConnectAvailable = (body as { QuickConnectAvailable?: boolean }).QuickConnectAvailable !== false
      return nothing
    }),
    // Proxy settings, under a name that is recalled.
    route('admin', 'GET', '/System/Configuration/network', () => json(state.network)),
    // Log out: the words under the login can be set once, or rewritten on their way.
    route('admin', 'POST', '/System/Configuration/Branding', ({ body }) => {
      Object.assign(settings.branding, body)
      return nothing
    }),
    route('nothing', 'GET', '/Branding/Configuration', () => json(settings.branding)),
    route('nothing', 'GET', '/Branding/Css', () => ({
      status: 200,
      headers: { 'content-type': 'text/css' },
      body: settings.branding.CustomCss,
    })),
    route('nothing', 'GET', '/GetUtcTime', () =>
      json({ RequestReceptionTime: new Date(state.clock.now()).toISOString() }),
    ),
    // Proxy settings, checks.
    route('nothing', 'GET', '/health', () => ({ status: 200, headers: text, body: 'Healthy' })),
  ]
}
