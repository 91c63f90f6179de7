import type { FastifyRequest } from 'fastify'

/**
 * Whether a POST comes from a page of `origin` itself. Engines from 2020 on send Sec-Fetch-Site, older ones
 * Origin, the oldest televisions neither: for those the form's token or the cookie's Lax attribute must do.
 */
export function isOwnPost(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return false
  const from = request.headers.origin
  return from === undefined || from === origin
}

/** Whether a person is looking: a navigation, not a prefetch, a preview or a script's request. */
export function isNavigation(request: FastifyRequest): boolean {
  const { headers } = request
  const purpose = `${headers['sec-purpose'] ?? ''} ${headers['purpose'] ?? ''} ${headers['x-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`
  if (/prefetch|prerender|preview/i.test(purpose)) return false
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return headers.accept === undefined || /text\/html|\*\/\*/i.test(headers.accept)
}
