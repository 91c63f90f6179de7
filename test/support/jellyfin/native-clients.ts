import { filmId } from './server/media-routes.ts'

/** What a native client knows when it asks; empty before it is signed in. */
export type Known = { token: string; secret: string }

export type NativeRequest = {
  what: NativeCall
  method: 'GET' | 'HEAD' | 'POST'
  target: string
  headers: Record<string, string>
  body?: string
}

/** In the order of a first evening: the server is found, the client let in, a film chosen, watched and reported. */
export type NativeCall =
  | 'find'
  | 'enabled'
  | 'begin'
  | 'look'
  | 'redeem'
  | 'me'
  | 'library'
  | 'picture'
  | 'film'
  | 'report'
  | 'socket'

/**
 * What a gate for these clients would want for each: nothing, a token that Jellyfin knows, or a token that was seen from
 * the same address, as pictures carry none. Jellyfin itself wants none for a film either.
 */
export const wants: Record<NativeCall, 'nothing' | 'token' | 'neighbour'> = {
  find: 'nothing',
  enabled: 'nothing',
  begin: 'nothing',
  look: 'nothing',
  redeem: 'nothing',
  me: 'token',
  library: 'token',
  picture: 'neighbour',
  film: 'token',
  report: 'token',
  socket: 'token',
}

export type NativeClient = {
  name: string
  /** Where its shape comes from: its published source, or what servers' logs and others say of it. */
  evidence: 'source' | 'hearsay'
  userAgent: string
  /** What its owner calls it. */
  device: string
  /** What its HTTP library adds. */
  always: Record<string, string>
  /** How it says who it is, in its own place, spelling and order. */
  says(token: string): Record<string, string>
  /** How it names its token in an address that a player opens without further fields. */
  inAddress(token: string): string
  /** How it spells what is in front of every path. */
  prefix?: string
}

const version = { androidTv: '0.19.4', roku: '3.0.12', swiftfin: '1.3', findroid: '0.15.6', kodi: '1.1.1' }

/** The clients that never load a page: an answer for people means nothing to them. */
export const nativeClients: NativeClient[] = [
  {
    name: 'Android TV',
    evidence: 'source',
    device: 'Wohnzimmer TV (Fire TV)',
    userAgent: `Jellyfin for Android TV/${version.androidTv} via jellyfin-sdk-kotlin (OkHttp/4.12.0)`,
    always: { accept: 'application/json, application/octet-stream;q=0.9, */*;q=0.8', 'accept-encoding': 'gzip' },
    says: kotlin('Jellyfin Android TV', version.androidTv, 'Wohnzimmer%20TV%20%28Fire%20TV%29', 'a7c1f0d2e9b84c35'),
    inAddress: (token) => `ApiKey=${token}`,
  },
  {
    name: 'Findroid',
    evidence: 'source',
    device: 'Pixel 9',
    userAgent: `Findroid/${version.findroid} via jellyfin-sdk-kotlin (OkHttp/4.12.0)`,
    always: { accept: 'application/json, application/octet-stream;q=0.9, */*;q=0.8', 'accept-encoding': 'gzip' },
    says: kotlin('Findroid', version.findroid, 'Pixel%209', '5d3c9a1be2f74680'),
    inAddress: (token) => `api_key=${token}`,
  },
  {
    name: 'Roku',
    evidence: 'source',
    device: 'Living room (Roku Ultra)',
    userAgent: 'Roku/DVP-14.5 (14.5.4.5934-88)',
    always: {},
    // Names are sent as people gave them, brackets and all.
    says: (token) => ({
      authorization: `MediaBrowser Client="Jellyfin Roku", Device="Living room (Roku Ultra)", Version="${version.roku}"${token && ', UserId="8b0e6f4c2d1a4f7e9c3b5a6d7e8f9012"'}, DeviceId="X01900ABCDEF"${token && `, Token="${token}"`}`,
    }),
    inAddress: (token) => `api_key=${token}`,
  },
  {
    name: 'Swiftfin',
    evidence: 'source',
    device: 'Robin’s Apple TV',
    userAgent: 'Swiftfin/79 CFNetwork/3826.500.131 Darwin/24.5.0',
    always: { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'de-DE,de;q=0.9' },
    // Without quotes or encoding, whatever letters there are, in an order that changes from run to run, and with
    // `Token=` before there is one.
    says: (token) => ({
      authorization: `MediaBrowser Version=${version.swiftfin}, Token=${token}, DeviceId=tvOS_4A1B-77, Client=Jellyfin tvOS, Device=Robin’s Apple TV`,
    }),
    inAddress: (token) => `api_key=${token}`,
  },
  {
    name: 'Kodi',
    evidence: 'source',
    device: 'libreelec',
    userAgent: `Jellyfin-Kodi/${version.kodi}`,
    always: {
      'content-type': 'application/json',
      'accept-charset': 'UTF-8,*',
      'accept-encoding': 'gzip',
      accept: '*/*',
    },
    // In the old places, without quotes. It forgets its own token when it meets a 401.
    says: (token) => ({
      'x-emby-authorization': `MediaBrowser Client=Kodi, Device=libreelec, DeviceId=2f0a9b7c-1c0e, Version=${version.kodi}${token && ', UserId=8b0e6f4c2d1a4f7e9c3b5a6d7e8f9012'}`,
      ...(token && { 'x-mediabrowser-token': token }),
    }),
    inAddress: (token) => `api_key=${token}`,
  },
  {
    name: 'Infuse',
    evidence: 'hearsay',
    device: 'Apple TV',
    userAgent: 'Infuse-Direct/8.1.6',
    always: { accept: '*/*', 'accept-encoding': 'gzip, deflate, br' },
    says: (token) => ({
      'x-emby-authorization':
        'MediaBrowser Client="Infuse-Direct", Device="Apple TV", DeviceId="6E1D2C", Version="8.1.6"',
      ...(token && { 'x-emby-token': token }),
    }),
    inAddress: (token) => `api_key=${token}`,
    prefix: '/emby',
  },
]

/** A first evening with this client, request by request. */
export function requestsOf(client: NativeClient, { token, secret }: Known): NativeRequest[] {
  const { prefix = '', always, userAgent } = client
  const fields = { 'user-agent': userAgent, ...always }
  const ask = (what: NativeCall, method: NativeRequest['method'], path: string, shown: string, body?: object) => ({
    what,
    method,
    target: prefix + path,
    headers: { ...fields, ...client.says(shown), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const bare = (what: NativeCall, method: NativeRequest['method'], path: string): NativeRequest => ({
    what,
    method,
    target: prefix + path,
    headers: fields,
  })
  const named = client.inAddress(token)
  return [
    ask('find', 'GET', '/System/Info/Public', ''),
    ask('enabled', 'GET', '/QuickConnect/Enabled', ''),
    ask('begin', 'POST', '/QuickConnect/Initiate', ''),
    ask('look', 'GET', `/QuickConnect/Connect?secret=${secret}`, ''),
    ask('redeem', 'POST', '/Users/AuthenticateWithQuickConnect', '', { Secret: secret }),
    ask('me', 'GET', '/Users/Me', token),
    ask('library', 'GET', '/Items?Recursive=true&IncludeItemTypes=Movie', token),
    // Pictures and players carry no field of the API.
    bare('picture', 'GET', `/Items/${filmId}/Images/Primary?tag=a1&quality=90`),
    bare('film', 'GET', `/Videos/${filmId}/stream.mp4?static=true&${named}`),
    ask('report', 'POST', '/Sessions/Playing', token, { ItemId: filmId, PositionTicks: 0 }),
    {
      ...bare('socket', 'GET', `/socket?${named}&deviceId=x`),
      headers: {
        ...fields,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    },
  ]
}

/** The Kotlin SDK: `Authorization`, quoted and percent-encoded, the token last. */
function kotlin(client: string, version: string, device: string, deviceId: string): NativeClient['says'] {
  const name = encodeURIComponent(client)
  return (token) => ({
    authorization: `MediaBrowser Client="${name}", Version="${version}", DeviceId="${deviceId}", Device="${device}"${token && `, Token="${token}"`}`,
  })
}
