import { createServer } from 'node:net'
import { type Listening, listen } from '../../src/demo/listen.ts'

/** Says what `answer` makes of each command, in RESP, on a port of 127.0.0.1. For what no real server says. */
export async function startFakeRedis(answer: (command: string[], port: number) => string): Promise<Listening> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      for (let command = take(); command !== undefined; command = take()) socket.write(answer(command, listening.port))
    })

    /** The next whole command: an array of bulk strings. */
    function take(): string[] | undefined {
      const [head, count] = /^\*(\d+)\r\n/.exec(text) ?? []
      if (head === undefined) return undefined
      const command: string[] = []
      let at = head.length
      for (let i = 0; i < Number(count); i++) {
        const [line, length] = /^\$(\d+)\r\n/.exec(text.slice(at)) ?? []
        if (line === undefined) return undefined
        const start = at + line.length
        at = start + Number(length) + 2
        if (at > text.length) return undefined
        command.push(text.slice(start, at - 2))
      }
      text = text.slice(at)
      return command
    }
  })
  const listening = await listen(server, 0, '127.0.0.1')
  return listening
}

/** Values as RESP 2. */
export function resp(value: string | number | null | unknown[]): string {
  if (value === null) return '$-1\r\n'
  if (typeof value === 'number') return `:${value}\r\n`
  if (typeof value === 'string') return `$${Buffer.byteLength(value)}\r\n${value}\r\n`
  return `*${value.length}\r\n${value.map((item) => resp(item as string)).join('')}`
}

/** What a server without a fault says to the questions of a start; undefined for everything else. */
export function usualAnswer(command: string[], port: number, version = '7.0.15'): string | undefined {
  const [name = '', sub = '', , key = '', entry] = command
  switch (`${name} ${name.toLowerCase() === 'cluster' ? sub : ''}`.trim().toLowerCase()) {
    case 'hello':
      return resp(['server', 'redis', 'version', version, 'mode', 'standalone', 'role', 'master'])
    case 'cluster slots':
      return resp([[0, 16_383, ['127.0.0.1', port, 'a-node']]])
    case 'cluster info':
      return resp('cluster_state:ok\r\n')
    case 'info':
      return resp('loading:0\r\n')
    case 'evalsha':
      // A record is written; a feed is appended to, or read.
      if (!key.endsWith('/feed')) return resp(1)
      return entry === '' ? resp('1') : resp([0, []])
    case 'del':
      return resp(1)
    case 'xrevrange':
      return resp([])
    case 'get':
      return resp(null)
    default:
      return undefined
  }
}
