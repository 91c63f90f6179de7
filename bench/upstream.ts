/** The app behind the forwarders: 1 kB for whatever is asked, from prepared bytes. `node bench/upstream.ts PORT` */
import { createServer } from 'node:net'

const body = 'x'.repeat(1024)
const answer = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Cache-Control: private, max-age=0',
    'ETag: "1d6f3c0a"',
    'Vary: Accept-Encoding',
    'Date: Thu, 26 Nov 2026 10:00:00 GMT',
    '',
    body,
  ].join('\r\n'),
)
const headEnd = Buffer.from('\r\n\r\n')

createServer({ noDelay: true }, (socket) => {
  let held = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    let from = 0
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (let end = bytes.indexOf(headEnd); end >= 0; end = bytes.indexOf(headEnd, from)) {
      from = end + headEnd.length
      socket.write(answer)
    }
    held = bytes.subarray(from)
  })
  socket.on('error', () => socket.destroy())
}).listen(Number(process.argv[2]), '127.0.0.1')
