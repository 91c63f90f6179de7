import type { CustomFetch } from 'openid-client'
import { createBoundedFetch, rebuilt } from './bounded-fetch.ts'

const originalStatus = new WeakMap<Response, number>()

/**
 * `fetch` for talking to providers that write RFC 8628 their own way: their answers become what the RFC asks for.
 * Every rule is tested under the name of a provider that needs it. Answers end at 256 kB (rejects then), and
 * redirects are answers: a device code goes to nobody but the endpoint that discovery named.
 */
export function createTamedFetch(fetch: CustomFetch): CustomFetch {
  const bounded = createBoundedFetch(fetch)
  return async (url, options) => {
    // SECURITY(replace: 'manual' → 'follow'): the secret and the device code would go wherever an answer points. Test: a redirect at the token endpoint is not followed
    const response = await bounded(url, { ...options, redirect: 'manual' })
    return tame(response, await response.text())
  }
}

/** The status that the provider really sent, where the taming replaced it. */
export function statusOf(response: Response): number {
  return originalStatus.get(response) ?? response.status
}

function tame(response: Response, text: string): Response {
  const headers = new Headers(response.headers)
  const body = jsonObject(text)
  if (body === undefined) return rebuilt(text, response.status, headers)
  if (typeof body['error'] === 'string' && body['access_token'] === undefined) {
    // GitHub and Casdoor say no with 200, Google with 428, Dex before 2025 with 401, Authelia with 500: RFC 6749 §5.2
    // wants 400. A challenge beside the error would hide it from the library.
    headers.delete('www-authenticate')
    headers.set('content-type', 'application/json')
    const error = rebuilt(text, 400, headers)
    originalStatus.set(error, response.status)
    return error
  }
  return rebuilt(body['device_code'] === undefined ? text : tamedAuthorization(body), response.status, headers)
}

/** A device authorization response as RFC 8628 §3.2 writes it. */
function tamedAuthorization(body: Record<string, unknown>): string {
  const { interval, verification_url: link, ...rest } = body
  // Google calls it verification_url.
  if (rest['verification_uri'] === undefined && link !== undefined) rest['verification_uri'] = link
  // Entra's first version writes numbers as texts; Glewlwyd and others may be set to 0. Without one, it is 5 s.
  const seconds = Number(interval)
  return JSON.stringify({ ...rest, ...(seconds > 0 && Number.isFinite(seconds) && { interval: seconds }) })
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
