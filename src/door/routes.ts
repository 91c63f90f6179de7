import type { IncomingMessage, ServerResponse } from 'node:http'
import { createColdServer } from '../http/cold-server.ts'
import { leadTo } from '../http/reply.ts'
import { callback } from './callback.ts'
import { enterCode, showCodeEntry } from './code-entry.ts'
import { decide } from './decide.ts'
import { revoke, revokeAll, showMe, signOutHere } from './me.ts'
import type { DoorParts } from './parts.ts'
import { openShortLink } from './short-link.ts'
import { otherAccount, signInForApp } from './sign-in.ts'

/** Every address at the door. Who may call it is said beside each. */
export async function createDoor(parts: DoorParts): Promise<(req: IncomingMessage, res: ServerResponse) => void> {
  const server = await createColdServer(parts.clock, parts.log)
  server.get('/', (_request, reply) => leadTo(reply, '/me'))
  // Anybody with the link; what they can do depends on who they are. Old QR readers change the letters' case.
  for (const d of ['d', 'D']) {
    server.get(`/${d}/:id`, (request, reply) => openShortLink(parts, request, reply))
    server.get(`/${d}`, (request, reply) => showCodeEntry(parts, request, reply))
    server.get(`/${d}/`, (request, reply) => showCodeEntry(parts, request, reply))
  }
  // A press on our own page, in the browser that it was shown to.
  server.post('/d/:id', (request, reply) => decide(parts, request, reply))
  server.post('/d/:id/other-account', (request, reply) => otherAccount(parts, request, reply))
  // Somebody who is signed in.
  server.post('/d', (request, reply) => enterCode(parts, request, reply))
  server.get('/me', (request, reply) => showMe(parts, request, reply))
  server.post('/me/revoke', (request, reply) => revoke(parts, request, reply))
  server.post('/me/revoke-all', (request, reply) => revokeAll(parts, request, reply))
  server.post('/me/sign-out', (request, reply) => signOutHere(parts, request, reply))
  // Browsers on their way between an app's host and the provider.
  server.get('/sign-in', (request, reply) => signInForApp(parts, request, reply))
  server.get('/callback', (request, reply) => callback(parts, request, reply))
  await server.ready()
  return (req, res) => server.routing(req, res)
}
