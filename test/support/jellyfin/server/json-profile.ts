import type { IncomingMessage } from 'node:http'
import type { Answer } from './router.ts'

/**
 * JSON with small first letters, for whoever asks for that profile (Jellyfin: CamelCaseJsonProfileFormatter.cs): the SDKs name
 * it in their `Accept`, behind the plain one.
 */
export function asProfiled(request: IncomingMessage, answer: Answer): Answer {
  const wanted = /^\s*application\/json\s*;\s*profile="?CamelCase"?/i.test(request.headers.accept ?? '')
  if (!wanted || typeof answer.body !== 'string' || answer.headers?.['content-type']?.includes('json') !== true)
    return answer
  return { ...answer, body: JSON.stringify(inCamelCase(JSON.parse(answer.body))) }
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key.slice(0, 1).toLowerCase() + key.slice(1), inCamelCase(of)]),
  )
}
