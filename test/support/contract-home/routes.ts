import type { IncomingMessage } from 'node:http'
import { access, grant, type HomeState, hex, revoke, userOf } from './state.ts'

/** What the contract says to a request. */
export type Said = { status: number; json?: unknown; html?: string }

const text = (html: string, status = 200): Said => ({ status, html })
const json = (value: unknown, status = 200): Said => ({ status, json: value })
const oauth = (error: string) => json({ error }, 400)

/** Where a request says that it comes from; undefined for what Home Assistant answers 400 to (A.2, apps.md §2.5). */
export function originOf({ rawHeaders, socket }: IncomingMessage): string | undefined {
  const sent = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'x-forwarded-for')
  if (sent.length === 0) return socket.remoteAddress
  return sent.length === 1 && /^[\d.]+$|:/.test(sent[0] as string) ? sent[0] : undefined
}

/** All that is answered over HTTP. */
export async function answer(state: HomeState, request: IncomingMessage, body: string, from: string): Promise<Said> {
  const { pathname } = new URL(request.url ?? '', 'http://home')
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const step = /^\/auth\/login_flow\/(\w+)$/.exec(pathname)?.[1]
  const hook = /^\/api\/webhook\/(.+)$/.exec(pathname)?.[1]
  if (hook !== undefined) {
    state.hooked.push(hook)
    // Unknown ids are answered alike (A.6).
    return text('')
  }
  switch (`${request.method} ${pathname}`) {
    case 'GET /auth/providers':
      return json({ providers: [{ name: 'Home Assistant Local', id: null, type: 'homeassistant' }] })
    case 'GET /auth/authorize':
      return text("<h1>Home Assistant's own sign-in</h1>")
    case 'POST /auth/login_flow': {
      const { client_id: clientId } = JSON.parse(body) as { client_id: string }
      const flow = hex()
      state.flows.set(flow, { clientId, from })
      return json({ type: 'form', flow_id: flow, step_id: 'init', data_schema: [], errors: {} })
    }
    case 'POST /auth/token': {
      const form = await formOf(request, body)
      return form.get('action') === 'revoke' ? leave(state, form) : token(state, form)
    }
    case 'POST /auth/revoke':
      return leave(state, await formOf(request, body))
    case 'GET /api/':
      state.checked.push(bearer ?? '')
      return userOf(state, bearer) === undefined ? text('401: Unauthorized', 401) : json({ message: 'API running.' })
    case 'POST /api/mobile_app/registrations': {
      const { app_id, device_name } = JSON.parse(body) as { app_id?: string; device_name?: string }
      if (userOf(state, bearer) === undefined || app_id === undefined) return text('', 401)
      const id = hex(32)
      state.webhooks.set(id, `Mobile App: ${device_name}`)
      return json({ webhook_id: id, secret: null, cloudhook_url: null, remote_ui_url: null }, 201)
    }
  }
  if (step !== undefined && request.method === 'POST') return login(state, step, from, JSON.parse(body))
  if (pathname.startsWith('/api/')) {
    return userOf(state, bearer) === undefined ? text('401: Unauthorized', 401) : json([])
  }
  return text('<title>Home Assistant</title>')
}

type Typed = { client_id: string; username?: string; password?: string }

/** The form is filled in (A.2). */
function login(state: HomeState, flow: string, from: string, typed: Typed): Said {
  const begun = state.flows.get(flow)
  if (begun === undefined) return json({ message: 'Invalid flow specified' }, 404)
  if (begun.from !== from) return json({ message: 'IP address changed' }, 400)
  const { username = '', password } = typed
  const held = state.credentials.get(username)
  if (held === undefined || held.password !== password) {
    return json({ type: 'form', flow_id: flow, step_id: 'init', errors: { base: 'invalid_auth' } })
  }
  if (state.factors.has(held.userId)) {
    return json({ type: 'form', flow_id: flow, step_id: 'mfa', data_schema: [{ name: 'code' }], errors: {} })
  }
  const user = state.users.find(({ id }) => id === held.userId)
  if (user?.is_active !== true) return json({ message: 'Login blocked: User is not active' }, 403)
  const isLocal = /^(?:::1$|(?:::ffff:)?127\.|10\.|192\.168\.)/.test(from)
  if (user.local_only && !isLocal) return json({ message: 'Login blocked: User cannot authenticate remotely' }, 403)
  const code = hex()
  state.codes.set(code, { userId: user.id, clientId: begun.clientId, username })
  state.flows.delete(flow)
  return json({ type: 'create_entry', flow_id: flow, result: code })
}

/** RFC 6749 §4.1.3 and §6, as Home Assistant has it. */
function token(state: HomeState, form: FormData): Said {
  if (form.get('grant_type') === 'refresh_token') {
    const held = state.grants.find((one) => one.token === form.get('refresh_token'))
    if (held === undefined) return oauth('invalid_grant')
    if (held.clientId !== form.get('client_id')) return oauth('invalid_request')
    return json({ access_token: access(held), token_type: 'Bearer', expires_in: 1800 })
  }
  const code = String(form.get('code'))
  const made = state.codes.get(code)
  // Another client's question leaves the code as it is.
  if (made === undefined || made.clientId !== form.get('client_id')) return oauth('invalid_request')
  state.codes.delete(code)
  // A name that was deleted before (A.2).
  if (!state.credentials.has(made.username)) return text('500 Internal Server Error', 500)
  const granted = grant(state, made.userId, made.clientId)
  const tokens = { access_token: granted.access[0], refresh_token: granted.token }
  return json({ ...tokens, token_type: 'Bearer', expires_in: 1800, ha_auth_provider: 'homeassistant' })
}

/** RFC 7009, which says yes to whatever it is sent. */
function leave(state: HomeState, form: FormData): Said {
  revoke(state, String(form.get('token')))
  return text('')
}

/** Read by somebody else's parser than the gate's. */
function formOf(request: IncomingMessage, body: string): Promise<FormData> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  return new Response(body, { headers }).formData()
}
