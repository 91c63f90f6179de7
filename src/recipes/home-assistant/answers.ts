import { isListOf, isNumber, isObject, isText } from '../../lib/shape.ts'
import type { AppUser } from '../recipe.ts'

/** A step of its login: a form, the code, or anything else, which needs the person themselves. */
export type Step = { type: 'form'; flow_id: string } | { type: 'create_entry'; result: string } | { type: 'other' }

/** What a code is redeemed for (RFC 6749 §5.1). */
export type Tokens = { access_token: string; refresh_token: string }

const isForm = isObject({ type: (value) => value === 'form', flow_id: isText })
/** Whether a body is the last step, with the code. */
export const isCode = isObject({ type: (value) => value === 'create_entry', result: isText })
/** `abort`, or a form for a second factor, which is a form too but of another step. */
const isOther = isObject({ type: isText })

/** The step of its login that a body is. */
export function readStep(json: unknown): Step | undefined {
  if (isForm(json) || isCode(json)) return json as Step
  return isOther(json) ? { type: 'other' } : undefined
}

/** Whether a body has both tokens. */
export const isTokens = isObject({ access_token: isText, refresh_token: isText, expires_in: isNumber })

const isUser = isObject({ id: isText, name: (value) => value === null || isText(value), group_ids: isListOf(isText) })

/** The people in a `config/auth/list`; those that belong to the system itself are nobody. */
export function readUsers(list: unknown): AppUser[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((one: unknown) => {
    if (!isUser(one)) return []
    const user = one as RawUser
    if (user.system_generated === true) return []
    const admin = user.is_owner === true || user.group_ids.includes('system-admin')
    return [{ id: user.id, name: user.name ?? '', admin, disabled: user.is_active === false }]
  })
}

type RawUser = {
  id: string
  name: string | null
  group_ids: string[]
  is_owner?: boolean
  is_active?: boolean
  system_generated?: boolean
}

const isWebhook = isObject({ webhook_id: isText, name: isText })

/** The webhooks in a `webhook/list`. */
export function readWebhooks(list: unknown): { id: string; name: string }[] {
  const all = Array.isArray(list) ? list.filter(isWebhook) : []
  return (all as { webhook_id: string; name: string }[]).map(({ webhook_id: id, name }) => ({ id, name }))
}

/** A body as JSON; undefined when it is none. */
export function readJson(body: Buffer): unknown {
  return readText(body.toString('utf8'))
}

/** A text as JSON; undefined when it is none. */
export function readText(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

/**
 * Whose an access token is: a JWT whose `iss` is the id of its refresh token. It is read, not believed: Home Assistant alone
 * has the key.
 */
export function refreshTokenIdOf(accessToken: string): string | undefined {
  const [, payload] = accessToken.split('.')
  if (payload === undefined || accessToken.length > 4096) return undefined
  const claims = readText(Buffer.from(payload, 'base64url').toString('utf8'))
  const { iss } = (typeof claims === 'object' && claims !== null ? claims : {}) as { iss?: unknown }
  return typeof iss === 'string' && /^[0-9a-f]{32}$/.test(iss) ? iss : undefined
}
