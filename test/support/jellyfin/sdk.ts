import axios, { type AxiosResponse } from 'axios'
import { loopbackLookup } from '../../../src/demo/loopback.ts'

/** What tests ask of Jellyfin's SDK; every answer is handed on, whatever its status. */
export type Sdk = {
  publicInfo(): Answer<{ Version: string; Id: string }>
  enabled(): Answer<boolean>
  begin(): Answer<{ Secret: string; Code: string; DeviceName: string; AppName: string }>
  look(secret: string): Answer<{ Authenticated: boolean }>
  redeem(secret: string): Answer<{ AccessToken: string; User: { Name: string } }>
  byName(name: string, password: string): Answer<{ AccessToken: string }>
  approve(code: string, userId?: string): Answer<boolean>
  me(): Answer<{ Name: string; Id: string }>
  users(): Answer<{ Name: string; Id: string }[]>
  signOut(): Answer<unknown>
  /** Opens the socket, where the SDK has one (12.0), and hears messages of this type until it is called off. */
  hear(type: string, run: (message: { Data: unknown }) => void): () => void
  /** The token that it sends by itself from now on. */
  useToken(token: string): void
  token(): string
}
type Answer<Data> = Promise<AxiosResponse<Data>>

/** Who the client says that it is: names as people give them, which the SDK has to encode. */
export const sdkDevice = { client: 'Küchen-Display', device: 'Robin’s tablet, "the old one"' }

const parameters = {
  clientInfo: { name: sdkDevice.client, version: '1.0.0' },
  deviceInfo: { name: sdkDevice.device, id: 'sdk-device' },
}

/** The published SDK for `version`, as a client of the server at `origin`. `headers` go with every request. */
export async function createSdk(
  version: '10.11' | '12.0',
  origin: string,
  headers: Record<string, string> = {},
): Promise<Sdk> {
  const parts = version === '12.0' ? await load12() : await load1011()
  const transport = axios.create({
    headers,
    // The system does not know *.localhost.
    lookup: loopbackLookup as never,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  })
  const api = new parts.Jellyfin(parameters).createApi(origin, undefined, transport)
  const { quickConnect, signIn } = parts
  return {
    publicInfo: () => parts.system(api).getPublicSystemInfo(),
    enabled: () => quickConnect(api).getQuickConnectEnabled(),
    begin: () => quickConnect(api).initiateQuickConnect(),
    look: (secret) => quickConnect(api).getQuickConnectState({ secret }),
    approve: (code, userId) => quickConnect(api).authorizeQuickConnect({ code, ...(userId && { userId }) }),
    redeem: (Secret) => signIn(api).authenticateWithQuickConnect({ quickConnectDto: { Secret } }),
    byName: (Username, Pw) => signIn(api).authenticateUserByName({ authenticateUserByName: { Username, Pw } }),
    me: () => parts.user(api).getCurrentUser(),
    users: () => parts.user(api).getUsers(),
    signOut: () => parts.session(api).reportSessionEnded(),
    hear: (type, run) => api.subscribe?.([type], run) ?? (() => undefined),
    useToken(accessToken) {
      if (version === '12.0') api.update?.({ accessToken })
      else api.accessToken = accessToken
    },
    token: () => api.accessToken,
  }
}

/** The SDK's own types name files without their extensions, which leads Node's resolution nowhere. */
type Calls = Record<
  | 'getPublicSystemInfo'
  | 'getQuickConnectEnabled'
  | 'initiateQuickConnect'
  | 'getQuickConnectState'
  | 'authorizeQuickConnect'
  | 'authenticateWithQuickConnect'
  | 'authenticateUserByName'
  | 'getCurrentUser'
  | 'getUsers'
  | 'reportSessionEnded',
  (request?: object) => Promise<AxiosResponse>
>
/** `update` is how 12.0's is given a token; the one before has a property that can be set. */
type Api = {
  accessToken: string
  update?(data: { accessToken: string }): void
  subscribe?(types: string[], run: (message: never) => void): () => void
}
type Group = (api: Api) => Calls
type SdkParts = {
  Jellyfin: new (given: typeof parameters) => { createApi(origin: string, token: undefined, transport: object): Api }
  quickConnect: Group
  signIn: Group
  system: Group
  user: Group
  session: Group
}

async function load12(): Promise<SdkParts> {
  const { Jellyfin } = await import('@jellyfin/sdk/lib/jellyfin.js')
  const { getAuthenticationApi } = await import('@jellyfin/sdk/lib/utils/api/authentication-api.js')
  const { getSystemApi } = await import('@jellyfin/sdk/lib/utils/api/system-api.js')
  const { getUserApi } = await import('@jellyfin/sdk/lib/utils/api/user-api.js')
  const { getSessionApi } = await import('@jellyfin/sdk/lib/utils/api/session-api.js')
  return {
    Jellyfin: Jellyfin as unknown as SdkParts['Jellyfin'],
    quickConnect: getAuthenticationApi as unknown as Group,
    signIn: getAuthenticationApi as unknown as Group,
    system: getSystemApi as unknown as Group,
    user: getUserApi as unknown as Group,
    session: getSessionApi as unknown as Group,
  }
}

async function load1011(): Promise<SdkParts> {
  const { Jellyfin } = await import('jellyfin-sdk-10.11/lib/jellyfin.js')
  const { getQuickConnectApi } = await import('jellyfin-sdk-10.11/lib/utils/api/quick-connect-api.js')
  const { getSystemApi } = await import('jellyfin-sdk-10.11/lib/utils/api/system-api.js')
  const { getUserApi } = await import('jellyfin-sdk-10.11/lib/utils/api/user-api.js')
  const { getSessionApi } = await import('jellyfin-sdk-10.11/lib/utils/api/session-api.js')
  return {
    Jellyfin: Jellyfin as unknown as SdkParts['Jellyfin'],
    quickConnect: getQuickConnectApi as unknown as Group,
    signIn: getUserApi as unknown as Group,
    system: getSystemApi as unknown as Group,
    user: getUserApi as unknown as Group,
    session: getSessionApi as unknown as Group,
  }
}
