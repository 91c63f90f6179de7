/** The fields of a body of `/auth/token` or `/auth/revoke`: browsers send multipart, the apps urlencoded. */
export type TokenForm = ReadonlyMap<string, string>

const MULTIPART = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))\s*$/i

/**
 * Reads what Home Assistant will read. Undefined for anything that two parsers could read differently: a field twice, a
 * file, a coding, another type.
 */
export function readTokenForm(contentType: string | undefined, body: Buffer): TokenForm | undefined {
  const type = contentType?.trim() ?? ''
  if (/^application\/x-www-form-urlencoded(\s*;\s*charset="?utf-8"?)?$/i.test(type)) {
    return once(new URLSearchParams(body.toString('utf8')))
  }
  const [, quoted, bare] = MULTIPART.exec(type) ?? []
  const boundary = quoted ?? bare
  return boundary === undefined ? undefined : readMultipart(body.toString('utf8'), boundary)
}

/** RFC 7578 with nothing but text fields. */
function readMultipart(text: string, boundary: string): TokenForm | undefined {
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`)
  const last = parts.pop()
  if (parts.shift() !== '' || last === undefined || !/^--\s*$/.test(last)) return undefined
  const fields: [string, string][] = []
  for (const part of parts) {
    const [, name, value] = /^\r\nContent-Disposition: form-data; name="([\w-]+)"\r\n\r\n([\s\S]*)$/i.exec(part) ?? []
    if (name === undefined || value === undefined) return undefined
    fields.push([name, value])
  }
  return once(fields)
}

function once(fields: Iterable<[string, string]>): TokenForm | undefined {
  const form = new Map<string, string>()
  for (const [name, value] of fields) {
    if (form.has(name)) return undefined
    form.set(name, value)
  }
  return form
}
