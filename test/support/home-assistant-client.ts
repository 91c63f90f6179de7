import { once } from 'node:events'
import type { LookupFunction } from 'node:net'
import { Agent, type FormData, fetch as undiciFetch } from 'undici'
import { type ClientOptions, WebSocket } from 'ws'
import { createLoopbackFetch, loopbackLookup } from '../../src/demo/loopback.ts'

/** How somebody gets to a Home Assistant: straight, or through the gate. */
export type Way = {
  origin: string
  /** Asks for a path of it. Redirects are answers. */
  send(path: string, init?: Asked): Promise<Response>
  /** What its WebSocket needs besides the address. */
  socket: ClientOptions & { lookup: LookupFunction }
}

type Asked = { method?: string; headers?: Record<string, string>; body?: string | FormData }

/** What it answers to a code. The access token is good for half an hour, the refresh token until it is not used for 90 days. */
export type Tokens = { access_token: string; refresh_token: string; expires_in: number; token_type: string }

/** A step of its login: a form to fill in, the code at the end, or why there is none. */
export type LoginStep =
  | { type: 'form'; flow_id: string; step_id: string; errors: Record<string, string> | null }
  | { type: 'create_entry'; result: string }
  | { type: 'abort'; reason: string }

/** A WebSocket to it, signed in. */
export type Commands = {
  /** Sends a command and resolves with its result; rejects with what Home Assistant says is wrong. */
  ask<T = unknown>(type: string, fields?: Record<string, unknown>): Promise<T>
  /** Resolves with the code of the close, whoever closed. */
  closed: Promise<number>
  close(): void
}

export type Credentials = { username: string; password: string }

/** The way to `origin`, where `*.localhost` is this machine. `headers` go with every request. */
export function wayTo(origin: string, headers: Record<string, string> = {}): Way {
  const network = createLoopbackFetch()
  return {
    origin,
    send: (path, init = {}) =>
      network.fetch(origin + path, {
        ...(init as RequestInit),
        headers: { ...headers, ...init.headers },
        redirect: 'manual',
      }),
    socket: { headers, lookup: loopbackLookup },
  }
}

/** The way to an origin that is this machine whatever its name, with a certificate of nobody. */
export function wayHere(origin: string, headers: Record<string, string> = {}): Way {
  const lookup: LookupFunction = (_name, options, done) =>
    options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  const dispatcher = new Agent({ connect: { lookup, rejectUnauthorized: false } })
  return {
    origin,
    async send(path, { method = 'GET', headers: more = {}, body } = {}) {
      const init = { method, headers: { ...headers, ...more }, redirect: 'manual', dispatcher } as const
      return (await undiciFetch(origin + path, { ...init, ...(body !== undefined && { body }) })) as unknown as Response
    },
    socket: { headers, lookup, rejectUnauthorized: false },
  }
}

/** Begins its login for the client `<origin>/`, as its own page does. */
export async function beginLogin(way: Way): Promise<LoginStep & { type: 'form' }> {
  const clientId = `${way.origin}/`
  const began = await postJson<LoginStep>(way, '/auth/login_flow', {
    client_id: clientId,
    handler: ['homeassistant', null],
    redirect_uri: clientId,
  })
  if (began.type !== 'form') throw new Error(`no form: ${JSON.stringify(began)}`)
  return began
}

/** Fills in the form that `beginLogin` got. */
export function submitLogin(way: Way, flow: string, who: Credentials): Promise<LoginStep> {
  return postJson(way, `/auth/login_flow/${flow}`, { client_id: `${way.origin}/`, ...who })
}

/** Redeems a code. */
export function redeem(way: Way, code: string): Promise<Tokens> {
  return askForTokens(way, { grant_type: 'authorization_code', code, client_id: `${way.origin}/` })
}

/** New tokens for a refresh token. */
export function refresh(way: Way, token: string): Promise<Omit<Tokens, 'refresh_token'>> {
  return askForTokens(way, { grant_type: 'refresh_token', refresh_token: token, client_id: `${way.origin}/` })
}

/** The whole login of somebody who knows their password. */
export async function signIn(way: Way, who: Credentials): Promise<Tokens> {
  const { flow_id } = await beginLogin(way)
  const done = await submitLogin(way, flow_id, who)
  if (done.type !== 'create_entry') throw new Error(`not signed in: ${JSON.stringify(done)}`)
  return redeem(way, done.result)
}

/** Opens its WebSocket with an access token; rejects when it is not taken. */
export async function openCommands(way: Way, token: string): Promise<Commands> {
  const socket = new WebSocket(`${way.origin.replace(/^http/, 'ws')}/api/websocket`, way.socket)
  const waiting = new Map<number, (answer: Answer) => void>()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => undefined)
  let last = 0
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Answer
    if (message.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }))
    else if (message.type === 'auth_ok') ready.resolve()
    else if (message.type === 'auth_invalid') ready.reject(new Error('auth_invalid'))
    else waiting.get(message.id)?.(message)
  })
  socket.on('error', ready.reject)
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  void closed.then(() => ready.reject(new Error('closed')))
  await ready.promise
  return {
    async ask<T>(type: string, fields: Record<string, unknown> = {}) {
      const id = ++last
      const { promise, resolve } = Promise.withResolvers<Answer>()
      waiting.set(id, resolve)
      socket.send(JSON.stringify({ ...fields, id, type }))
      const answer = await promise
      waiting.delete(id)
      if (!answer.success) throw new Error(`${type}: ${answer.error?.code} ${answer.error?.message}`)
      return answer.result as T
    },
    closed,
    close: () => socket.close(),
  }
}

type Answer = {
  id: number
  type: string
  success?: boolean
  result?: unknown
  error?: { code: string; message: string }
}

/** Sends JSON and reads JSON; rejects with the answer's text when its status is no success. */
export async function postJson<T>(way: Way, path: string, value: object, token?: string): Promise<T> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const answer = await way.send(path, { method: 'POST', headers, body: JSON.stringify(value) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

async function askForTokens(way: Way, form: Record<string, string>): Promise<Tokens> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await way.send('/auth/token', { method: 'POST', headers, body: new URLSearchParams(form).toString() })
  if (!answer.ok) throw new Error(`/auth/token: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Tokens
}

/** What is answered to a first message; `path` is another spelling of the address. */
export async function sayFirst(
  way: Way,
  message: string,
  compressed = false,
  path = '/api/websocket',
): Promise<string> {
  const socket = new WebSocket(way.origin.replace(/^http/, 'ws') + path, {
    ...way.socket,
    perMessageDeflate: compressed && { threshold: 0 },
  })
  const said: string[] = []
  socket.on('message', (data) => {
    said.push((JSON.parse(String(data)) as { type: string }).type)
    if (said.length === 1) socket.send(message, { compress: compressed })
    else socket.close()
  })
  await once(socket, 'close')
  return said.at(-1) ?? ''
}
