import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import { sendPage } from '../look.ts'
import type { Camera } from './camera.ts'
import { elsewherePage, gatewayGonePage } from './pages.ts'

/** What a television of 2022 says it is. */
const televisionUserAgent =
  'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 ' +
  'WebAppManager'

/** Where the television's requests go: a socket address, and the authority of the app to ask for. */
export type Gateway = { host: string; port: number; appAuthority: string }

/** Connection fields (RFC 9110 §7.6.1), and what a desktop browser says that a television on plain http does not. */
const dropped =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|user-agent|accept-encoding|sec-ch-.*|sec-fetch-.*|sec-gpc|dnt|priority)$/i

const PICTURE_LIMIT_BYTES = 256 * 1024

/**
 * The screen of the drawn television: passes everything on to the gateway as a television would send it, and lets
 * the answer be framed. What it shows, the camera sees.
 */
export function createGlass(parts: { gateway: Gateway; screenOrigin: string; firstPage: string; camera: Camera }): {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
} {
  const { gateway, screenOrigin, firstPage, camera } = parts
  const appOrigin = `http://${gateway.appAuthority}`

  function send(request: IncomingMessage, more: OutgoingHttpHeaders = {}): ClientRequest {
    const headers: OutgoingHttpHeaders = {}
    for (const [name, value] of Object.entries(request.headers)) {
      if (value === undefined || dropped.test(name)) continue
      headers[name] = name === 'origin' || name === 'referer' ? String(value).replace(screenOrigin, appOrigin) : value
    }
    return httpRequest({
      agent: false,
      host: gateway.host,
      port: gateway.port,
      method: request.method,
      path: request.url,
      headers: { ...headers, host: gateway.appAuthority, 'user-agent': televisionUserAgent, ...more },
    })
  }

  function show(request: IncomingMessage, answer: IncomingMessage, response: ServerResponse): void {
    const location = answer.headers.location
    const target = location === undefined ? undefined : new URL(location, appOrigin)
    if (target !== undefined && target.origin !== appOrigin) {
      answer.resume()
      response.setHeader('set-cookie', forgetWay(request))
      sendPage(response, 200, elsewherePage(target.host, firstPage))
      return
    }
    const type = answer.headers['content-type'] ?? ''
    if (type.startsWith('text/html')) camera.clear()
    response.writeHead(answer.statusCode ?? 502, shownHeaders(answer, appOrigin))
    if (type.startsWith('image/png') && request.url?.startsWith('/.entryphone/auth/')) watch(answer, camera)
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  }

  return {
    request(request, response) {
      const sent = send(request)
      sent.on('response', (answer) => show(request, answer, response))
      sent.on('error', () => {
        if (response.headersSent) response.destroy()
        else sendPage(response, 502, gatewayGonePage())
      })
      response.on('close', () => sent.destroy())
      request.pipe(sent)
    },

    upgrade(request, socket, head) {
      const sent = send(request, { connection: 'Upgrade', upgrade: request.headers.upgrade })
      sent.on('upgrade', (answer, upstream, upstreamHead) => {
        socket.write(rawHead(answer))
        socket.write(upstreamHead)
        upstream.write(head)
        upstream.pipe(socket).pipe(upstream)
        upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy())
        socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
      })
      sent.on('response', (answer) => {
        answer.resume()
        socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\nconnection: close\r\n\r\n`)
      })
      sent.on('error', () => socket.destroy())
      socket.on('error', () => sent.destroy())
      sent.end()
    },
  }
}

/** Takes back "Sign in on this TV instead", or the drawn television would never show a code again. */
function forgetWay(request: IncomingMessage): string[] {
  const names = (request.headers.cookie ?? '').split(/;\s*/).map((pair) => pair.replace(/=.*$/, ''))
  return names.filter((name) => name.endsWith('-way')).map((name) => `${name}=; Path=/; Max-Age=0`)
}

/** The answer's headers without what forbids a frame; redirects stay on the glass; pictures are asked for each time. */
function shownHeaders(answer: IncomingMessage, appOrigin: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...answer.headers }
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'x-frame-options']) delete headers[name]
  const policy = answer.headers['content-security-policy']
  if (policy !== undefined)
    headers['content-security-policy'] = String(policy).replace(/(^|[;,])\s*frame-ancestors[^;,]*;?/gi, '$1')
  if (headers.location?.startsWith(appOrigin)) headers.location = headers.location.slice(appOrigin.length) || '/'
  if (answer.headers['content-type']?.startsWith('image/png')) headers['cache-control'] = 'no-store'
  return headers
}

function watch(answer: IncomingMessage, camera: Camera): void {
  const chunks: Buffer[] = []
  let bytes = 0
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= PICTURE_LIMIT_BYTES) chunks.push(chunk)
  })
  answer.on('end', () => {
    if (bytes <= PICTURE_LIMIT_BYTES) camera.see(Buffer.concat(chunks))
  })
}

function rawHead(answer: IncomingMessage): string {
  let head = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n`
  for (let i = 0; i < answer.rawHeaders.length; i += 2)
    head += `${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}\r\n`
  return `${head}\r\n`
}
