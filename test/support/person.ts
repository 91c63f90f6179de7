import { Agent, request } from 'undici'
import { loopbackLookup } from '../../src/demo/loopback.ts'

/** A browser without a window: keeps cookies by host, follows redirects by hand, presses named buttons. */
export type Person = {
  /** One request; redirects are answers. */
  go(url: string | URL, form?: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  /** Follows redirects until an answer is none, or leads to a host where `stopAt` says so; that URL is returned. */
  follow(start: string | URL, stopAt: (url: URL) => boolean): Promise<{ url: URL; response: Response | undefined }>
  /** The cookies kept for a host, as one header. */
  cookies(host: string): string
  close(): Promise<void>
}

/** How a browser gets to a host, where that is not as on any machine. */
export type Connect = NonNullable<Agent.Options['connect']>

/** Somebody with a browser on this machine, where `*.localhost` means 127.0.0.1. `always` goes with every request. */
export function createPerson(
  always: Record<string, string> = {},
  connect: Connect = { lookup: loopbackLookup },
): Person {
  const agent = new Agent({ pipelining: 0, connect })
  const jar = new Map<string, Map<string, string>>()

  const cookieHeader = (host: string) =>
    [...(jar.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')

  async function go(
    target: string | URL,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const url = new URL(target)
    const cookies = jar.get(url.hostname) ?? new Map<string, string>()
    jar.set(url.hostname, cookies)
    // Not `fetch`, which would say of itself that a script is asking.
    const answer = await request(url, {
      dispatcher: agent,
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'text/html',
        cookie: cookieHeader(url.hostname),
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...always,
        ...headers,
      },
      body: form === undefined ? null : new URLSearchParams(form).toString(),
    })
    const response = asResponse(answer.statusCode, answer.headers, await answer.body.arrayBuffer())
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/)
      const [name = '', ...value] = pair.split('=')
      if (isOver(attributes)) cookies.delete(name)
      else cookies.set(name, value.join('='))
    }
    return response
  }

  return {
    go,
    async follow(start, stopAt) {
      let url = new URL(start)
      for (let hop = 0; hop < 12; hop++) {
        if (stopAt(url)) return { url, response: undefined }
        const response = await go(url)
        const location = response.headers.get('location')
        if (location === null) return { url, response }
        url = new URL(location, url)
      }
      throw new Error(`too many redirects, last to ${url.href}`)
    },
    cookies: cookieHeader,
    close: () => agent.close(),
  }
}

/** Max-Age goes before Expires (RFC 6265 §4.1.2.2), so that a server's wrong clock does not matter. */
function isOver(attributes: string[]): boolean {
  const attributeOf = (name: string) =>
    attributes.find((attribute) => attribute.toLowerCase().startsWith(name))?.slice(name.length)
  const [maxAge, expires] = [attributeOf('max-age='), attributeOf('expires=')]
  if (maxAge !== undefined) return Number(maxAge) <= 0
  return expires !== undefined && Date.parse(expires) < Date.now()
}

function asResponse(
  status: number,
  fields: Record<string, string | string[] | undefined>,
  body: ArrayBuffer,
): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(fields)) for (const one of [value ?? []].flat()) headers.append(name, one)
  return new Response([204, 304].includes(status) ? null : body, { status, headers })
}
