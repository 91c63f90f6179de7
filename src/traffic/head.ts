import type { RefusalCode } from './refusals.ts'

/** A request's head as plain text facts, read once. Values are as sent; undefined when absent. */
export type Head = {
  method: string
  /** `1.1` or `1.0`; anything else is a fault. */
  version: string
  /** The target as sent. */
  target: string
  /** Why it must go no further; the other facts are still good enough for choosing the form of the answer. */
  fault: RefusalCode | undefined
} & { [name in FieldKey]: string | undefined }

/** The fields that something here looks at; all others pass by name alone. */
export type FieldKey =
  | 'host'
  | 'cookie'
  | 'origin'
  | 'referer'
  | 'accept'
  | 'acceptLanguage'
  | 'userAgent'
  | 'requestedWith'
  | 'contentLength'
  | 'transferEncoding'
  | 'connection'
  | 'upgrade'
  | 'expect'
  | 'fetchSite'
  | 'fetchMode'
  | 'purpose'
  | 'serviceWorker'
  | 'preflightMethod'
  | 'webSocketKey'
  | 'webSocketVersion'
  | 'platformHint'
  | 'modelHint'
  | 'formFactorsHint'
  | 'forwarded'
  | 'forwardedFor'
  | 'forwardedProto'
  | 'forwardedHost'

/** `join`: how several lines become one value; without it the field must be single. */
type Field = { key?: FieldKey; join?: string; bit: number }

const list = ', '
const fields = new Map<string, Field>()
const define = (name: string, key?: FieldKey, join?: string) =>
  fields.set(name, { ...(key && { key }), ...(join && { join }), bit: join === undefined ? 1 << singles++ : 0 })
let singles = 0

define('host', 'host')
define('content-length', 'contentLength')
define('transfer-encoding', 'transferEncoding')
define('origin', 'origin')
define('referer', 'referer')
define('user-agent', 'userAgent')
define('x-requested-with', 'requestedWith')
define('expect', 'expect')
define('sec-fetch-site', 'fetchSite')
define('sec-fetch-mode', 'fetchMode')
define('service-worker', 'serviceWorker')
define('access-control-request-method', 'preflightMethod')
define('sec-websocket-key', 'webSocketKey')
define('sec-websocket-version', 'webSocketVersion')
// Single by definition and passed on: an app that takes the last one must not see another than an app that takes the first.
for (const name of [
  'authorization',
  'proxy-authorization',
  'content-type',
  'content-range',
  'content-location',
  'date',
  'from',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'max-forwards',
  'range',
  'depth',
  'destination',
  'overwrite',
])
  define(name)
define('cookie', 'cookie', '; ')
define('accept', 'accept', list)
define('accept-language', 'acceptLanguage', list)
define('connection', 'connection', list)
define('upgrade', 'upgrade', list)
define('sec-purpose', 'purpose', list)
define('purpose', 'purpose', list)
define('x-purpose', 'purpose', list)
define('x-moz', 'purpose', list)
define('sec-ch-ua-platform', 'platformHint', list)
define('sec-ch-ua-model', 'modelHint', list)
define('sec-ch-ua-form-factors', 'formFactorsHint', list)
define('forwarded', 'forwarded', list)
define('x-forwarded-for', 'forwardedFor', list)
define('x-forwarded-proto', 'forwardedProto', list)
define('x-forwarded-host', 'forwardedHost', list)

/**
 * Reads a head from Node's `rawHeaders` (name, value, name, value …): `headers` hides doubled fields, of which the
 * app may believe another one than we do.
 */
export function readHead(method: string, version: string, target: string, rawHeaders: readonly string[]): Head {
  const head = emptyHead(method, version, target)
  let seen = 0
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const field = fields.get((rawHeaders[i] as string).toLowerCase())
    if (field === undefined) continue
    const value = rawHeaders[i + 1] as string
    // SECURITY: nobody downstream may read another of two values. Test: doubled singleton headers are refused
    if ((seen & field.bit) !== 0) head.fault = field.key === 'host' ? 'bad-host' : 'doubled-header'
    seen |= field.bit
    if (field.key === undefined) continue
    const before = head[field.key]
    head[field.key] = before === undefined || field.join === undefined ? value : before + field.join + value
  }
  return head
}

/** Whether the request announces a body. */
export function hasBody(head: Head): boolean {
  return head.transferEncoding !== undefined || (head.contentLength !== undefined && head.contentLength !== '0')
}

function emptyHead(method: string, version: string, target: string): Head {
  return {
    method,
    version,
    target,
    fault: undefined,
    host: undefined,
    cookie: undefined,
    origin: undefined,
    referer: undefined,
    accept: undefined,
    acceptLanguage: undefined,
    userAgent: undefined,
    requestedWith: undefined,
    contentLength: undefined,
    transferEncoding: undefined,
    connection: undefined,
    upgrade: undefined,
    expect: undefined,
    fetchSite: undefined,
    fetchMode: undefined,
    purpose: undefined,
    serviceWorker: undefined,
    preflightMethod: undefined,
    webSocketKey: undefined,
    webSocketVersion: undefined,
    platformHint: undefined,
    modelHint: undefined,
    formFactorsHint: undefined,
    forwarded: undefined,
    forwardedFor: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
  }
}
