// The part of Jellyfin's web client that a sign-in meets, around its own library: where the sign-in is kept, what makes
// it good or loses it, and what is asked on the way. What stands in `data-state` is for whoever watches.

const { ConnectionManager, Credentials, Events } = window['jellyfin-apiclient']
const { body, documentElement } = document

// From 12.0 on the client names its token where that server looks; the library still speaks as before.
if (documentElement.dataset.version === '12.0') speakAsSince12()

// Stored sign-in: the address is the page's, up to `/web`.
const address = location.origin + location.pathname.replace(/\/web(?:\/.*)?$/i, '')
if (localStorage.getItem('_deviceId2') === null) {
  const made = btoa([navigator.userAgent, Date.now()].join('|')).replaceAll('=', '1')
  localStorage.setItem('_deviceId2', made)
}
const credentials = new Credentials()
const saved = credentials
  .credentials()
  .Servers.find((server) => (server.ManualAddress ?? '').toLowerCase() === address.toLowerCase())
// Without a match the list is overwritten, and the token in it lost.
if (saved === undefined) credentials.credentials({ Servers: [] })

const manager = new ConnectionManager(
  credentials,
  'Jellyfin Web',
  '10.11.11',
  'Chrome',
  localStorage.getItem('_deviceId2'),
  {},
)
Events.on(manager, 'apiclientcreated', (_event, client) => {
  client.enableAutomaticBitrateDetection = false
  Events.on(client, 'websocketopen', () => {
    body.dataset.socket = 'open'
  })
  Events.on(client, 'websocketclose', () => {
    body.dataset.socket = 'closed'
  })
})

const server = saved ?? { ManualAddress: address }
server.manualAddressOnly = true
const enableAutoLogin = localStorage.getItem('enableAutoLogin') !== 'false'
manager
  .connectToServer(server, { enableAutoLogin, enableAutomaticBitrateDetection: false })
  .then(show, () => show({ State: 'Unavailable' }))

async function show({ State, ApiClient }) {
  if (State === 'SignedIn') {
    const user = await ApiClient.getCurrentUser()
    document.getElementById('who').textContent = user.Name
    offerSignOut(ApiClient)
  }
  if (State === 'ServerSignIn') toLogin(ApiClient)
  // A stored id that is not the server's leads to a page of its own, not to the login.
  body.dataset.state = State
}

function offerSignOut(client) {
  const button = document.getElementById('sign-out')
  button.hidden = false
  // Log out: one call, then the login by its hash, with no document asked for.
  button.onclick = async () => {
    await manager.logout()
    credentials.credentials(credentials.credentials())
    toLogin(client)
    body.dataset.state = 'ServerSignIn'
  }
}

function toLogin(client) {
  location.hash = '#/login'
  // What the real login page asks, as it spells it.
  for (const path of ['QuickConnect/Enabled', 'users/public', 'Branding/Configuration'])
    client.getJSON(client.getUrl(path), false).catch(() => undefined)
}

function speakAsSince12() {
  const { fetch, WebSocket } = window
  window.fetch = (url, init = {}) => {
    const { 'X-MediaBrowser-Token': token, ...headers } = init.headers ?? {}
    if (token !== undefined) headers.Authorization = `MediaBrowser Token="${token}"`
    return fetch(url, { ...init, headers })
  }
  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url.replace('?api_key=', '?ApiKey='))
    }
  }
}
