import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Agent, request } from 'undici'

const TELEVISION =
  'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager'

/** A television that shows a code; each at an address of its own. */
export type WaitingScreen = { path: string; cookie: string; seen: string; address: string }

/** Leads televisions to their codes, and has them wait. */
export function createScreens(port: number, host: string) {
  const agent = new Agent({ connections: 16, pipelining: 1 })

  async function ask(screen: { address: string; cookie: string }, path: string, accept = 'text/html') {
    const answer = await request(`http://127.0.0.1:${port}${path}`, {
      dispatcher: agent,
      headers: { host, accept, 'user-agent': TELEVISION, cookie: screen.cookie, 'x-forwarded-for': screen.address },
    })
    const set = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0])
    return { body: await answer.body.text(), location: answer.headers['location'], set: set.join('; ') }
  }

  const attribute = (html: string, pattern: RegExp) => (pattern.exec(html)?.[1] ?? '').replaceAll('&amp;', '&')

  return {
    /** From the app's front page to the page with the code. */
    async begin(number: number): Promise<WaitingScreen> {
      const screen = { address: `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`, cookie: '' }
      const challenge = await ask(screen, '/')
      let next = attribute(challenge.body, /href="(\/\.entryphone\/auth\/start[^"]*)"/)
      let page = ''
      for (let hop = 0; hop < 4; hop++) {
        const answer = await ask(screen, next)
        if (answer.set !== '') screen.cookie = answer.set
        page = answer.body
        if (typeof answer.location !== 'string') break
        next = new URL(answer.location, `http://${host}${next}`).pathname
      }
      const path = new URL(attribute(page, /data-wait="([^"]*)"/), `http://${host}${next}`).pathname
      const seen = attribute(page, /data-seen="([^"]*)"/)
      if (seen === '') throw new Error(`no code: ${page.slice(0, 300)}`)
      return { ...screen, path, seen }
    },
    /** One long poll on a connection of its own, open from now on. */
    async open(): Promise<Socket> {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      await once(socket, 'connect')
      return socket
    },
    /** Polls on that connection; resolves with the answer's status. */
    async wait(socket: Socket, { path, cookie, seen, address }: WaitingScreen): Promise<number> {
      const body = `seen=${encodeURIComponent(seen)}`
      const fields = [`Host: ${host}`, `Origin: http://${host}`, `User-Agent: ${TELEVISION}`, `Cookie: ${cookie}`]
      const form = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`]
      socket.write([`POST ${path} HTTP/1.1`, ...fields, `X-Forwarded-For: ${address}`, ...form, '', body].join('\r\n'))
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      return Number(bytes.toString('latin1', 9, 12))
    },
    close: () => agent.close(),
  }
}
