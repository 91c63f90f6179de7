import type { IncomingMessage } from 'node:http'
import type { Answer } from './router.ts'

/** Recalled, and in no list of facts: out of the box scripts of every site may ask for everything, without cookies. */
export function corsHeaders({ headers }: IncomingMessage): Record<string, string> {
  return headers.origin === undefined ? {} : { 'access-control-allow-origin': '*' }
}

/** The answer to a preflight (Fetch §3.3.3); undefined for every other request. */
export function preflightAnswer({ method, headers }: IncomingMessage): Answer | undefined {
  const [wanted, fields] = [headers['access-control-request-method'], headers['access-control-request-headers']]
  if (method !== 'OPTIONS' || headers.origin === undefined || wanted === undefined) return undefined
  const told = { 'access-control-allow-methods': wanted, ...(fields && { 'access-control-allow-headers': fields }) }
  return { status: 204, headers: told }
}
