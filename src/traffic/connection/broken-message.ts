import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { peerAddress } from '../../lib/ip-address.ts'
import { prefixesOf } from '../../lib/prefixes.ts'
import type { TrafficParts } from '../parts.ts'
import type { Overflow } from './overflow.ts'
import { overflowIn } from './overflow.ts'

/** Answers a message that the parser gave up on, and closes the connection. */
export type AnswerBrokenMessage = (error: Error, socket: Duplex, unfinished: ServerResponse | undefined) => void

/** `rawPacket`: the piece of the message that the parser was at. */
type ParseError = NodeJS.ErrnoException & { rawPacket?: Buffer }

/** Of people's own browsers none meets another than 431, which deletes the cookies that it comes from. */
const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/**
 * Whatever follows on the connection could be read in two ways. `unfinished` is the response under way; ours would stand
 * in its middle, or in its place.
 */
export function createBrokenMessages({ pages, tell }: Pick<TrafficParts, 'pages' | 'tell'>): AnswerBrokenMessage {
  function overflown(piece: string): string {
    const overflow = overflowIn(piece)
    const status = overflow.what === 'target' ? 414 : 431
    const type = piece.includes('text/html') || !/^[A-Z]+ /.test(piece) ? 'text/html' : 'text/plain'
    const cleared = clearing(overflow)
    if (type === 'text/plain')
      return answer(status, [`Content-Type: text/plain`, ...cleared], `${STATUS_CODES[status]}\n`)
    const page = pages.message(pages.chooseLang(/\r\naccept-language: *([^\r\n]*)/i.exec(piece)?.[1]), {
      kind: 'too-much-sent',
      params: {},
      actions: [{ label: 'try-again', href: '/' }],
      ...(cleared.length > 0 && { reloadSeconds: 3 }),
    })
    const headers = ['Content-Type: text/html; charset=utf-8', `Content-Security-Policy: ${page.csp}`, ...cleared]
    return answer(status, headers, page.html)
  }

  return (error, socket, unfinished) => {
    const { code, rawPacket } = error as ParseError
    if (unfinished?.headersSent) {
      // What is written of it still goes out.
      ;(socket as Socket).destroySoon()
      return
    }
    if (code === 'ECONNRESET' || !socket.writable || unfinished !== undefined) {
      socket.destroy()
      return
    }
    const status = statuses[code ?? ''] ?? 400
    const { wide } = prefixesOf(peerAddress(socket as Socket))
    tell('message_refused', wide, { code: code ?? error.name, status })
    socket.end(status === 431 ? overflown(rawPacket?.toString('latin1') ?? '') : answer(status, [], ''))
  }
}

/** Otherwise the same cookies come again with every request, and a television has nowhere to delete them. */
function clearing(overflow: Overflow): string[] {
  if (overflow.what !== 'cookies') return []
  // Those of a parent domain and of other paths as well; old engines know only the other way.
  const deleted = overflow.names.map(
    (name) => `Set-Cookie: ${name}=; Path=/; Max-Age=0${name.startsWith('__') ? '; Secure' : ''}`,
  )
  return ['Clear-Site-Data: "cookies"', ...deleted]
}

function answer(status: number, headers: readonly string[], body: string): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    'X-Frame-Options: DENY',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
