import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { listen } from '../../src/demo/listen.ts'

/** Something in the home that nobody outside is to reach. */
export async function startInner(): Promise<{ asked: string[]; origin: string }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  const { port, close } = await listen(server, 0, '127.0.0.1')
  onTestFinished(close)
  return { asked, origin: `http://127.0.0.1:${port}` }
}
