import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * A response on its way to the client. What has come is written before anything else happens; an answer that is whole
 * by then leaves in one piece, which takes half of the work.
 */
export type ResponseWriter = {
  readonly res: ServerResponse
  readonly socket: Socket
  /** The beginning of the body, a character for each byte, until it is written. */
  held: string
  /** Something has been written. */
  begun: boolean
}

/** Beyond, copying a body costs more than a second piece. */
const SMALL_BYTES = 8192

const nothing = Buffer.alloc(0)

/** Begins a response. `headers` is flat: name, value, name, value … */
export function beginResponse(
  { res, socket }: Pick<ResponseWriter, 'res' | 'socket'>,
  { status, reason, headers }: { status: number; reason: string; headers: string[] },
): ResponseWriter {
  const writer: ResponseWriter = { res, socket, held: '', begun: false }
  res.writeHead(status, reason, headers)
  queueMicrotask(() => showResponse(writer))
  return writer
}

/** Takes a part of the body; false when the client is behind, until the response says 'drain'. */
export function writeResponse(writer: ResponseWriter, chunk: Buffer): boolean {
  if (!writer.begun && writer.held === '' && chunk.length <= SMALL_BYTES) {
    writer.held = chunk.toString('latin1')
    return true
  }
  showResponse(writer)
  return writer.res.write(chunk)
}

/** Writes what there is: an event stream shows at once that it is open. Does nothing the second time. */
export function showResponse(writer: ResponseWriter): void {
  const { res, held } = writer
  if (writer.begun || res.destroyed) return
  writer.begun = true
  writer.held = ''
  // Not `flushHeaders`: it writes the head as UTF-8, and fields may hold other bytes.
  if (held === '') res.write(nothing)
  else res.write(held, 'latin1')
}

/** Ends the response. */
export function endResponse(writer: ResponseWriter): void {
  if (writer.held !== '') {
    showResponse(writer)
    // Head and body are one string now. Let out before the end is said, it needs no gathering with an empty last piece.
    if (!writer.res.chunkedEncoding) writer.socket.uncork()
  }
  writer.begun = true
  writer.res.end()
}
