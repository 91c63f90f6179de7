/**
 * Who asks Home Assistant for a code (RFC 6749 §4.1.1). `own`: its own page on this very origin. `companion`: an app of its
 * makers on a phone, which takes the code by an address of its own.
 */
export type AuthorizeRequest = {
  kind: 'own' | 'companion'
  clientId: string
  redirectUri: string
  state: string | undefined
}

/** The pairs that Home Assistant itself knows without asking anybody: apps for phones, watches and tablets. */
const companions: ReadonlySet<string> = new Set([
  'https://home-assistant.io/iOS homeassistant://auth-callback',
  'https://home-assistant.io/android homeassistant://auth-callback',
  'https://home-assistant.io/android https://wear.googleapis.com/3p_auth/io.homeassistant.companion.android',
  'https://home-assistant.io/android https://wear.googleapis-cn.com/3p_auth/io.homeassistant.companion.android',
])

const known: ReadonlySet<string> = new Set(['response_type', 'client_id', 'redirect_uri', 'state'])

/** Client ids of the companion apps. */
export function isCompanion(clientId: string | undefined): boolean {
  return clientId !== undefined && [...companions].some((pair) => pair.startsWith(`${clientId} `))
}

/**
 * Reads a target of `/auth/authorize`; undefined for everybody else, whose request is Home Assistant's own matter.
 * @param origin the app's, as browsers write it
 */
export function readAuthorizeRequest(target: string, origin: string): AuthorizeRequest | undefined {
  const query = new URL(target, origin).searchParams
  // SECURITY: of two values Home Assistant's page may take the other one. Test: a doubled or unknown parameter is Home Assistant's own matter
  if ([...query.keys()].some((name, i, all) => all.indexOf(name) !== i || !known.has(name))) return undefined
  const clientId = query.get('client_id')
  const redirectUri = query.get('redirect_uri')
  if (query.get('response_type') !== 'code' || clientId === null || redirectUri === null) return undefined
  const state = query.get('state') ?? undefined
  if (companions.has(`${clientId} ${redirectUri}`)) return { kind: 'companion', clientId, redirectUri, state }
  // SECURITY: Home Assistant gives a code to any client, so whoever makes a link would get one. Test: the bridge gives codes to its own origin alone
  if (clientId !== `${origin}/` || !isOwn(redirectUri, origin)) return undefined
  return { kind: 'own', clientId, redirectUri, state }
}

/** On this origin to the letter, and no page of ours. */
function isOwn(redirectUri: string, origin: string): boolean {
  if (!redirectUri.startsWith(`${origin}/`) || /[\\\s#]/.test(redirectUri) || !URL.canParse(redirectUri)) return false
  const url = new URL(redirectUri)
  // As the browser will write it: `/./.entryphone/` is ours as well.
  return url.origin === origin && !url.pathname.toLowerCase().startsWith('/.entryphone')
}

/** The page of its own that was open, or was asked for, when it asked for the code. */
export function pageOf({ redirectUri }: AuthorizeRequest): string {
  const { pathname, searchParams } = new URL(redirectUri)
  searchParams.delete('auth_callback')
  return pathname + (searchParams.size === 0 ? '' : `?${searchParams}`)
}

/** Where the browser takes a code to (RFC 6749 §4.1.2); its own page keeps what it gets only with `storeToken`. */
export function withCode({ kind, redirectUri, state }: AuthorizeRequest, code: string): string {
  const fields = new URLSearchParams({ code, ...(state !== undefined && { state }) })
  if (kind === 'own') fields.set('storeToken', 'true')
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${fields}`
}
