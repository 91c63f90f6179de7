/** The yardstick: undici's dispatch between two sockets and nothing else. `node bench/undici-forwarder.ts PORT UPSTREAM` */
import { createServer } from 'node:http'
import { Pool } from 'undici'

const [port, upstream = ''] = process.argv.slice(2)
const pool = new Pool(upstream, { connections: 128, pipelining: 1 })

createServer((req, res) => {
  pool.dispatch(
    { method: req.method as 'GET', path: req.url as string, headers: req.rawHeaders, body: null },
    {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, status, headers) => void res.writeHead(status, headers),
      onResponseData(controller, chunk) {
        if (res.write(chunk)) return
        controller.pause()
        res.once('drain', () => controller.resume())
      },
      onResponseEnd: () => void res.end(),
      onResponseError: () => void res.destroy(),
    },
  )
}).listen(Number(port), '127.0.0.1')
