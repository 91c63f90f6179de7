import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpRequest } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { duplexPair } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { readFields, responseFields } from './fields.ts'

const { NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR } = constants
const broken = new Error('the answer broke off')
const BUFFERED = 65_536
/** An app's own head is 16 kB at most, and ours comes on top. */
const LONGEST_HEAD = 32_768
const nothing = Buffer.alloc(0)

/**
 * Asks by HTTP/1.1 for what a stream asks for, on a connection inside this process that nothing else is asked on: no
 * request can leave anything behind for another. The result is the server's end of it; undefined when the stream was
 * refused. `raw` is flat: name, value, name, value …
 */
export function openStream(
  stream: ServerHttp2Stream,
  raw: readonly string[],
  { remoteAddress, servername }: TLSSocket,
): Socket | undefined {
  stream.on('error', () => undefined)
  const withBody = !stream.endAfterHeaders
  const fields = readFields(raw, withBody)
  if (fields === undefined) return refuse(stream)
  const [inside, outside] = joinedPair()
  let request: ClientRequest
  try {
    const connection = {
      setHost: false,
      createConnection: () => outside,
      maxHeaderSize: LONGEST_HEAD,
      insecureHTTPParser: false,
    }
    request = httpRequest({ ...fields, ...connection })
  } catch {
    inside.destroy()
    return refuse(stream)
  }
  // What the gateway looks at in a client's connection.
  const facts = { remoteAddress, servername, encrypted: true, bytesRead: 0, bytesWritten: 0 }
  const connection = Object.assign(inside, facts, { destroySoon: () => void inside.end() })
  stream.on('close', () => outside.destroy())
  request.on('error', () => stream.destroy(broken))
  request.on('continue', () => attempt(stream, () => stream.additionalHeaders({ ':status': 100 })))
  request.on('response', (answer) => {
    count(answer, (bytes) => (connection.bytesWritten += bytes))
    relay(stream, answer, fields.method)
  })
  if (withBody) {
    count(stream, (bytes) => (connection.bytesRead += bytes))
    // The head goes out at once: whoever waits for 100 sends nothing before.
    request.write(nothing)
    stream.pipe(request)
  } else {
    stream.resume()
    request.end()
  }
  return connection as unknown as Socket
}

function refuse(stream: ServerHttp2Stream): undefined {
  stream.close(NGHTTP2_PROTOCOL_ERROR)
}

/** Two ends of a connection. Cutting one cuts the other; what was written before an end in due form still arrives. */
function joinedPair(): [Duplex, Duplex] {
  const pair = duplexPair({ highWaterMark: BUFFERED })
  const [inside, outside] = pair
  outside.on('error', () => undefined).on('close', () => inside.destroy())
  inside
    .on('error', () => undefined)
    .on('close', () => {
      if (!inside.writableFinished) outside.destroy()
    })
  return pair
}

function count(body: Duplex | IncomingMessage, add: (bytes: number) => void): void {
  body.on('data', (chunk: Buffer) => add(chunk.length))
}

function relay(stream: ServerHttp2Stream, answer: IncomingMessage, method: string): void {
  const { statusCode: status = 0, rawHeaders } = answer
  const endStream = method === 'HEAD' || status === 204 || status === 304
  // SECURITY(replace: destroy(broken) → close(2)): `close` ends the body in due form first, and a part is taken for the whole. Test: over HTTP/2 an answer that an app does not finish looks broken
  answer.on('error', () => stream.destroy(broken))
  attempt(stream, () => stream.respond(responseFields(status, rawHeaders), { endStream }))
  if (endStream || stream.destroyed) return void answer.resume()
  answer.pipe(stream)
  // RFC 9113 §8.1: what is still on its way up is wanted no more.
  stream.on('finish', () => {
    if (!stream.readableEnded) stream.close(NGHTTP2_NO_ERROR)
  })
}

/** Nobody above catches what is thrown because a stream has gone meanwhile, or because HTTP/2 knows no such field. */
function attempt(stream: ServerHttp2Stream, step: () => void): void {
  try {
    step()
  } catch {
    stream.destroy(broken)
  }
}
