import type { IncomingMessage } from 'node:http'

/** A request's body as a whole; undefined when it is longer than `most` bytes. Rejects when the client leaves. */
export function readSmallBody(req: IncomingMessage, most: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    function stop() {
      req.off('data', take).off('end', end).off('close', close)
    }
    function take(chunk: Buffer) {
      length += chunk.length
      if (length <= most) return void chunks.push(chunk)
      stop()
      req.pause()
      resolve(undefined)
    }
    function end() {
      stop()
      resolve(Buffer.concat(chunks))
    }
    function close() {
      stop()
      reject(new Error('the client left'))
    }
    if (req.complete && req.readableEnded) return resolve(Buffer.alloc(0))
    req.on('data', take).on('end', end).on('close', close)
  })
}
