/** A request of a client that brings its own pages, or is a shell around the server's. */
export type PackagedRequest = { method: string; target: string; headers: Record<string, string> }

const tizenAgent =
  'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0.4183.93/6.5 TV Safari/537.36'
const webosAgent =
  'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager'
const webViewAgent =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP4A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36'

const script = (agent: string, origin: string) => ({
  'user-agent': agent,
  origin,
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-dest': 'empty',
})

/** Samsung's app has the web client in its package: all that reaches a server are its scripts' calls. */
export const tizen = {
  find: {
    method: 'GET',
    target: '/System/Info/Public',
    headers: { ...script(tizenAgent, 'file://'), accept: 'application/json' },
  },
  preflight: {
    method: 'OPTIONS',
    target: '/QuickConnect/Initiate',
    headers: {
      ...script(tizenAgent, 'file://'),
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  },
  begin: {
    method: 'POST',
    target: '/QuickConnect/Initiate',
    headers: {
      ...script(tizenAgent, 'file://'),
      accept: 'application/json',
      authorization:
        'MediaBrowser Client="Jellyfin for Tizen", Device="Samsung Smart TV", DeviceId="tz1", Version="10.11.0"',
    },
  },
} as const satisfies Record<string, PackagedRequest>

/** LG's app asks two questions by script, and then shows the server's own page in a frame of its own. */
export const webos = {
  find: { method: 'GET', target: '/System/Info/Public', headers: { ...script(webosAgent, 'null'), accept: '*/*' } },
  manifest: { method: 'GET', target: '/web/manifest.json', headers: { ...script(webosAgent, 'null'), accept: '*/*' } },
  frame: {
    method: 'GET',
    target: '/web/',
    headers: {
      'user-agent': webosAgent,
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'iframe',
    },
  },
} as const satisfies Record<string, PackagedRequest>

/** Android's app asks natively, without the cookies of its web view, and then shows the server's own page there. */
export const androidPhone = {
  find: {
    method: 'GET',
    target: '/System/Info/Public',
    headers: {
      'user-agent': 'Jellyfin for Android/2.6.3 via jellyfin-sdk-kotlin (OkHttp/4.12.0)',
      accept: 'application/json, application/octet-stream;q=0.9, */*;q=0.8',
      authorization: 'MediaBrowser Client="Jellyfin%20Android", Version="2.6.3", DeviceId="9f1c", Device="Pixel%209"',
    },
  },
  page: {
    method: 'GET',
    target: '/',
    headers: {
      'user-agent': webViewAgent,
      'x-requested-with': 'org.jellyfin.mobile',
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'none',
      'sec-fetch-dest': 'document',
    },
  },
} as const satisfies Record<string, PackagedRequest>
