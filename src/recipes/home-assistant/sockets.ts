import type { Inside } from '../inside.ts'
import type { Asked, Holder, Rule } from '../recipe.ts'
import { readText } from './answers.ts'
import type { Bearers } from './bearers.ts'

/** Its apps on phones, which get tokens of their own. Only a program can claim to be one: no page sets this header. */
const COMPANION = /(?:^|[ )])Home Assistant\/\d/

/** Of a version that every page takes; what follows ends the conversation. */
const NO_VERSION = '2024.1.0'

/**
 * `/api/websocket`. A page that is not this session's is told so in Home Assistant's own words, and goes to its sign-in;
 * refused, it would say "Connection lost" for ever. The first message of everybody holds the token.
 */
export function createSocketRule(inside: Inside, bearers: Bearers): Rule {
  return {
    first: { holderOf: (message, asked) => holderOf(message, asked), no: [signInAgain] },
    async socket({ head, found }: Asked) {
      if (COMPANION.test(head.userAgent ?? '')) return undefined
      if (found === undefined) return head.origin === undefined ? undefined : goAndSignIn
      const held = await inside.of(found.key)
      // SECURITY(replace: held !== undefined && held.credentials.length > 0 → true): what the last person has left in this browser would open Home Assistant as them. Test: another person at the same screen never opens the former one's Home Assistant
      return held !== undefined && held.credentials.length > 0 ? undefined : goAndSignIn
    },
  }

  function holderOf(message: string, asked: Asked): Holder | Promise<Holder> {
    const { access_token: token } = (readText(message) ?? {}) as { access_token?: unknown }
    // SECURITY(replace: { kind: 'refused', why: 'no-token' } → { kind: 'nobody' }): what is read otherwise there would be no token here. Test: the first word on a socket is a token of whoever says it, or the last
    return typeof token === 'string' ? bearers.holderOf(token, asked) : { kind: 'refused', why: 'no-token' }
  }
}

const signInAgain = JSON.stringify({ type: 'auth_invalid', message: 'Sign in again' })
const goAndSignIn = [JSON.stringify({ type: 'auth_required', ha_version: NO_VERSION }), signInAgain]
