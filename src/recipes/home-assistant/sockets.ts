import type { Inside } from '../inside.ts'
import type { Asked, Rule } from '../recipe.ts'

/** Its apps on phones, which get tokens of their own. Only a program can claim to be one: no page sets this header. */
const COMPANION = /(?:^|[ )])Home Assistant\/\d/

/** Of a version that every page takes; what follows ends the conversation. */
const NO_VERSION = '2024.1.0'

/**
 * `/api/websocket`. A page that is not this session's is told so in Home Assistant's own words, and goes to its sign-in;
 * refused, it would say "Connection lost" for ever. Of programs without a cookie the first message holds the token, and
 * Home Assistant judges that.
 */
export function createSocketRule(inside: Inside): Rule {
  return {
    async socket({ head, found }: Asked) {
      if (COMPANION.test(head.userAgent ?? '')) return undefined
      if (found === undefined) return head.origin === undefined ? undefined : goAndSignIn
      const held = await inside.of(found.key)
      // SECURITY(replace: held !== undefined && held.credentials.length > 0 → true): what the last person has left in this browser would open Home Assistant as them. Test: another person at the same screen never opens the former one's Home Assistant
      return held !== undefined && held.credentials.length > 0 ? undefined : goAndSignIn
    },
  }
}

const goAndSignIn = [
  JSON.stringify({ type: 'auth_required', ha_version: NO_VERSION }),
  JSON.stringify({ type: 'auth_invalid', message: 'Sign in again' }),
]
