import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import { type Listening, listen } from '../src/demo/listen.ts'
import { openRaw } from '../test/support/raw.ts'

/** Bytes of the film. */
const FILM = 2e9

/** An app that sends one long film. */
export function startFilms(): Promise<Listening> {
  const piece = Buffer.alloc(65_536, 'x')
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': FILM })
    let left = FILM
    const send = () => {
      while (left > 0) {
        const bytes = left < piece.length ? piece.subarray(0, left) : piece
        left -= bytes.length
        if (!response.write(bytes)) return void response.once('drain', send)
      }
      response.end()
    }
    send()
  })
  return listen(server, 0, '127.0.0.1')
}

/** Takes the film in, through the gateway. */
export async function watch(port: number, host: string, cookie: string): Promise<void> {
  const asked = get({ port, host: '127.0.0.1', headers: { host, cookie } })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`the film was answered ${answer.statusCode}`)
  answer.resume()
  await once(answer, 'end')
}

/** Sends each request once over 16 connections; the statuses. */
export async function askEach(port: number, requests: string[]): Promise<number[]> {
  const statuses: number[] = []
  let next = 0
  async function work(): Promise<void> {
    const connection = await openRaw(port)
    let at = 0
    while (next < requests.length) {
      connection.write(requests[next++] as string)
      const received = await connection.until((all) => wholeAnswer(all, at) !== undefined)
      const answer = wholeAnswer(received, at)
      statuses.push(answer?.status ?? 0)
      at = answer?.end ?? received.length
    }
    connection.socket.destroy()
  }
  await Promise.all(Array.from({ length: Math.min(16, requests.length) }, work))
  return statuses
}

function wholeAnswer(bytes: string, at: number): { status: number; end: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', at)
  if (headEnd < 0) return undefined
  const length = Number(/content-length: (\d+)/i.exec(bytes.slice(at, headEnd))?.[1] ?? 0)
  const end = headEnd + 4 + length
  return bytes.length < end ? undefined : { status: Number(bytes.slice(at + 9, at + 12)), end }
}
