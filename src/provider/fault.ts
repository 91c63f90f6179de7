import * as oidc from 'openid-client'
import { statusOf } from './tamed-fetch.ts'

/** What went wrong between us and the provider. `detail` is for the log: names and codes, never a token or a text of the answer. */
export type Fault =
  /** Nobody answered, or something in between did. */
  | { kind: 'unreachable'; detail: string }
  /** The provider answered with a status of its own, and with an OAuth `error` unless it is undefined. */
  | { kind: 'answer'; status: number; error: string | undefined; isJson: boolean; detail: string }
  /** An answer that must not be believed: fields missing, a signature or claim that is wrong. */
  | { kind: 'invalid'; detail: string }

/** Sorts what the library throws. */
export function faultOf(error: unknown): Fault {
  if (error instanceof oidc.ResponseBodyError) {
    const status = statusOf(error.response)
    const code = /^[\w.:/-]{1,60}$/.test(error.error) ? error.error : 'error'
    return { kind: 'answer', status, error: code, isJson: true, detail: `${status} ${code}` }
  }
  const response = responseOf(error)
  if (response !== undefined) {
    const { status } = response
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { kind: 'answer', status, error: undefined, isJson, detail: String(status) }
  }
  if (!(error instanceof Error)) return { kind: 'invalid', detail: 'unknown' }
  const { code } = error as { code?: unknown }
  const detail = [error.name, code].filter((part) => typeof part === 'string').join(' ')
  const isNetwork = code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || error instanceof TypeError
  return { kind: isNetwork && !String(code).startsWith('ERR_') ? 'unreachable' : 'invalid', detail }
}

/** The answer whose status or type the library did not expect. */
function responseOf(error: unknown): Response | undefined {
  if (error instanceof oidc.WWWAuthenticateChallengeError) return error.response
  if (!(error instanceof Error)) return undefined
  return error.cause instanceof Response ? error.cause : undefined
}
