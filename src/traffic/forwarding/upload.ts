import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/**
 * A request's body as a stream of its own, read only as fast as it is taken. Whoever destroys it leaves the request and
 * its connection alone, so that an app's early answer still gets through. Trailers end here: they are never sent on.
 * `wanted` is called when somebody begins to take it.
 */
export function uploadOf(req: IncomingMessage, wanted: () => void): Readable {
  let asked = false
  const upload = new Readable({
    highWaterMark: 65_536,
    read() {
      if (!asked) wanted()
      asked = true
      req.resume()
    },
    destroy(error, done) {
      req.off('data', push).off('end', end).off('close', fail)
      req.pause()
      done(error)
    },
  })
  function push(chunk: Buffer): void {
    if (!upload.push(chunk)) req.pause()
  }
  function end(): void {
    upload.push(null)
  }
  function fail(): void {
    upload.destroy(new Error('the client left'))
  }
  // Undici takes its own listener away when it is done; a late error must not be nobody's.
  upload.on('error', () => undefined)
  req.pause()
  req.on('data', push).on('end', end).on('close', fail)
  return upload
}
