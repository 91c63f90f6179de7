import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Listening, listen } from '../../../src/demo/listen.ts'

/** An app that exists nowhere else: members, passes that open it, and a key for whoever runs it. */
export type FilmClub = Listening & {
  /** From pass to member. */
  passes: Map<string, string>
  /** When a pass has been given back. */
  returned(pass: string): Promise<void>
}

/** Of all test runs: it opens nothing but this. */
export const KEY = randomBytes(12).toString('hex')

type Answer = [status: number, body: unknown]

const members = [
  { id: 'm1', name: 'Robin', head: false },
  { id: 'm2', name: 'Kim', head: true },
]

/** Starts one on loopback. */
export async function startFilmClub(port: number): Promise<FilmClub> {
  const passes = new Map<string, string>()
  const waiting = new Map<string, () => void>()

  /** For whoever runs it. */
  function answerKey(what: string, body: string): Answer | undefined {
    if (what === 'GET /members') return [200, members]
    if (what === 'POST /passes') {
      const pass = randomBytes(12).toString('hex')
      passes.set(pass, JSON.parse(body).member as string)
      return [201, { pass }]
    }
    const pass = /^DELETE \/passes\/(\w+)$/.exec(what)?.[1]
    if (pass === undefined) return undefined
    passes.delete(pass)
    waiting.get(pass)?.()
    return [204, '']
  }

  function answer({ method, url, headers }: IncomingMessage, body: string): Answer {
    const what = `${method} ${url}`
    const [scheme, secret = ''] = (headers.authorization ?? '').split(' ')
    if (what === 'GET /ping') return [200, 'pong']
    if (what === 'GET /') return [200, 'the front page of the club']
    if (scheme === 'Key' && secret === KEY) return answerKey(what, body) ?? [404, 'nothing']
    const member = scheme === 'Bearer' ? passes.get(secret) : undefined
    if (member === undefined) return [401, 'no pass']
    return what === 'POST /sign-out' ? [204, ''] : [200, `films for ${member}`]
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const [status, said] = answer(request, body)
    response.writeHead(status, { 'content-type': typeof said === 'string' ? 'text/plain' : 'application/json' })
    response.end(typeof said === 'string' ? said : JSON.stringify(said))
  })
  const club: FilmClub = {
    ...(await listen(server, port, '127.0.0.1')),
    passes,
    returned: (pass) => (passes.has(pass) ? new Promise((resolve) => waiting.set(pass, resolve)) : Promise.resolve()),
  }
  return club
}
