import { once } from 'node:events'
import { WebSocket } from 'ws'
import { loopbackLookup } from '../../src/demo/loopback.ts'
import type { Person } from './person.ts'

/** A WebSocket of the cinema, opened with a browser's cookies; resolves when it is open, rejects when it is refused. */
export async function openSocket(browser: Person, origin: string): Promise<WebSocket> {
  const { host, hostname } = new URL(origin)
  const socket = new WebSocket(`ws://${host}/socket`, {
    origin,
    headers: { cookie: browser.cookies(hostname) },
    lookup: loopbackLookup,
  } as object)
  await once(socket, 'open')
  return socket
}
