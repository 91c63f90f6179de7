/** The fields of a body of `/auth/token` or `/auth/revoke`: browsers send multipart, the apps urlencoded. */
export type TokenForm = ReadonlyMap<string, string>

const URLENCODED = /^application\/x-www-form-urlencoded(\s*;\s*charset="?utf-8"?)?$/i
/** With one boundary and nothing else: of two, aiohttp takes the first. */
const MULTIPART = /^multipart\/form-data\s*;\s*boundary=(?:"([^"\r\n;]{1,70})"|([^\s;"]{1,70}))\s*$/i
const PART = /^\r\nContent-Disposition: form-data; name="([\w-]+)"\r\n\r\n([\s\S]*)$/i

/** What Home Assistant and its clients know there (developers.home-assistant.io/docs/auth_api). */
const known: ReadonlySet<string> = new Set([
  'grant_type',
  'client_id',
  'code',
  'code_verifier',
  'redirect_uri',
  'refresh_token',
  'token',
  'token_type_hint',
  'action',
])

/**
 * Reads what Home Assistant will read. Undefined for anything that two parsers could read differently: a field twice or
 * of another name, a file, another type or charset.
 */
export function readTokenForm(contentType: string | undefined, body: Buffer): TokenForm | undefined {
  const type = contentType?.trim() ?? ''
  if (URLENCODED.test(type)) return readUrlencoded(body.toString('latin1'))
  const [, quoted, bare] = MULTIPART.exec(type) ?? []
  const boundary = quoted ?? bare
  return boundary === undefined ? undefined : readMultipart(body.toString('utf8'), boundary)
}

/** As the URL standard writes them: no white space, which aiohttp cuts off the end, and no mark in front, which Node cuts off. */
function readUrlencoded(text: string): TokenForm | undefined {
  // SECURITY(replace: /^[\w*.%+=&~!'()@:,/-]*$/.test(text) → true): with a line end behind it, a token that is over would be none of ours. Test: no spelling of a form hides a token that is over from the gate and not from Home Assistant
  return /^[\w*.%+=&~!'()@:,/-]*$/.test(text) ? once(new URLSearchParams(text)) : undefined
}

/** RFC 7578 with nothing but text fields. */
function readMultipart(text: string, boundary: string): TokenForm | undefined {
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`)
  const last = parts.pop()
  if (parts.shift() !== '' || last === undefined || !/^--\s*$/.test(last)) return undefined
  const fields: [string, string][] = []
  for (const part of parts) {
    const [, name, value] = PART.exec(part) ?? []
    if (name === undefined || value === undefined) return undefined
    fields.push([name, value])
  }
  return once(fields)
}

function once(fields: Iterable<[string, string]>): TokenForm | undefined {
  const form = new Map<string, string>()
  for (const [name, value] of fields) {
    // SECURITY(replace: !known.has(name) → false): one of them (`_charset_`) has all others read in another alphabet. Test: no spelling of a form hides a token that is over from the gate and not from Home Assistant
    if (form.has(name) || !known.has(name)) return undefined
    form.set(name, value)
  }
  // SECURITY(replace: form.has('code') && form.has('refresh_token') → false): one of the two is judged, and the other one might count. Test: no spelling of a form hides a token that is over from the gate and not from Home Assistant
  return form.has('code') && form.has('refresh_token') ? undefined : form
}
