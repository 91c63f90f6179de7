import type { RefusalCode } from '../answering/refusals.ts'

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

/** Fields that must stand once, and the key under which a head tells them. */
const singles = {
  host: 'host',
  'content-length': 'contentLength',
  'transfer-encoding': 'transferEncoding',
  origin: 'origin',
  referer: 'referer',
  'user-agent': 'userAgent',
  'x-requested-with': 'requestedWith',
  expect: 'expect',
  'sec-fetch-site': 'fetchSite',
  'sec-fetch-mode': 'fetchMode',
  'service-worker': 'serviceWorker',
  'access-control-request-method': 'preflightMethod',
  'sec-websocket-key': 'webSocketKey',
  'sec-websocket-version': 'webSocketVersion',
} as const

/**
 * Single by definition and passed on unread: an app that takes the last one must not see another than an app that takes
 * the first.
 */
// biome-ignore format: names by the line
const unreadSingles = [
  'authorization', 'proxy-authorization', 'content-type', 'content-range', 'content-location', 'date', 'from',
  'if-modified-since', 'if-unmodified-since', 'if-range', 'max-forwards', 'range', 'depth', 'destination', 'overwrite',
]

/** Fields whose lines become one value. */
const lists = {
  cookie: 'cookie',
  accept: 'accept',
  'accept-language': 'acceptLanguage',
  connection: 'connection',
  upgrade: 'upgrade',
  'sec-purpose': 'purpose',
  purpose: 'purpose',
  'x-purpose': 'purpose',
  'x-moz': 'purpose',
  'sec-ch-ua-platform': 'platformHint',
  'sec-ch-ua-model': 'modelHint',
  'sec-ch-ua-form-factors': 'formFactorsHint',
  forwarded: 'forwarded',
  'x-forwarded-for': 'forwardedFor',
  'x-real-ip': 'clientClaims',
  'cf-connecting-ip': 'clientClaims',
  'true-client-ip': 'clientClaims',
  'x-forwarded-proto': 'forwardedProto',
  'x-forwarded-host': 'forwardedHost',
} as const

type FieldKey = (typeof singles)[keyof typeof singles] | (typeof lists)[keyof typeof lists]

/** `bit`: one of its own for a field that must be single, else 0. `join`: what stands between the lines of others. */
type Field = { key: FieldKey | undefined; bit: number; join: string }

const fields = new Map<string, Field>()
// One bit each in 32: with more single fields than that, two would be taken for one.
for (const [name, key] of Object.entries(singles)) fields.set(name, { key, bit: 1 << fields.size, join: '' })
for (const name of unreadSingles) fields.set(name, { key: undefined, bit: 1 << fields.size, join: '' })
for (const [name, key] of Object.entries(lists))
  fields.set(name, { key, bit: 0, join: name === 'cookie' ? '; ' : ', ' })

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
    head[field.key] = before === undefined || field.bit !== 0 ? value : before + field.join + value
  }
  // RFC 9110 §10.1.1: it knows no interim responses, and would take one for the answer.
  if (version === '1.0') head.expect = undefined
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
    clientClaims: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
  }
}
