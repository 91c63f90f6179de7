import type { Fault } from './address.ts'

/** Fields of the connection (RFC 9110 §7.6.1), of the message's framing, and those that only the gateway sets. */
const reserved = [
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]

/** Names under which proxies tell apps an identity, an address or an original path. */
const claims = [
  'cf-access-',
  'cf-connecting-ip',
  'client-ip',
  'entryphone-',
  'fastly-client-ip',
  'forwarded-',
  'http-',
  'remote-',
  'tailscale-user-',
  'true-client-ip',
  'x-amzn-oidc-',
  'x-auth-request-',
  'x-authenticated-',
  'x-authentik-',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-entryphone-',
  'x-envoy-',
  'x-forward',
  'x-goog-authenticated-',
  'x-host',
  'x-http-method',
  'x-ms-client-principal',
  'x-original-',
  'x-pomerium-',
  'x-proxy-user',
  'x-real-ip',
  'x-remote-',
  'x-rewrite-url',
  'x-user',
  'x-vouch-',
  'x-webauth-',
]

/** Why a header name or `prefix*` cannot be let through to an app; undefined if it can. Any letter case. */
export function checkHeaderName(text: string): Fault | undefined {
  const [, name, star] = /^([!#$%&'+.^_`|~0-9a-z-]+)(\*?)$/i.exec(text) ?? []
  if (name === undefined) {
    return {
      fault: 'is not a header name.',
      hint: 'A * may stand at the end of a name; alone it would let everything in.',
    }
  }
  // Apps behind CGI and WSGI read "_" and "." as "-".
  const folded = name.toLowerCase().replace(/[_.]/g, '-')
  const meets = (refused: string) => folded.startsWith(refused) || (star !== '' && refused.startsWith(folded))
  // SECURITY: a client could claim to be somebody else. Test: a header that carries an identity cannot be let through
  if (claims.some(meets)) return { fault: 'would let clients claim an identity or an address.' }
  const taken = reserved.includes(folded) || (star !== '' && reserved.some((field) => field.startsWith(folded)))
  return taken ? { fault: 'covers a header of the connection, which the gateway sets itself.' } : undefined
}
