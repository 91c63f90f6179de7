import type { IncomingMessage, ServerResponse } from 'node:http'
import { createColdServer } from '../http/cold-server.ts'
import { collect } from './collect.ts'
import type { ThresholdParts } from './parts.ts'
import { THRESHOLD } from './parts.ts'
import { showQr, showScreen, startAgain } from './screen.ts'
import { showSignOut, signOut } from './sign-out.ts'
import { choose, chooseWay, start } from './start.ts'
import { useTicket } from './ticket.ts'
import { wait } from './wait.ts'

/** A login by its id; it goes into redirects, so nothing else may stand there. */
const LOGIN = `${THRESHOLD}/:login(^[A-Za-z0-9_-]{22}$)`

/** Every address of ours on an app's host. Who may call it is said beside each. */
export async function createThreshold(
  parts: ThresholdParts,
): Promise<(req: IncomingMessage, res: ServerResponse) => void> {
  const server = await createColdServer(parts.clock, parts.log)
  // Anybody: begins a login, or goes on with the one that this browser has.
  server.get(`${THRESHOLD}/start`, (request, reply) => start(parts, request, reply))
  server.get(`${THRESHOLD}/choose`, (request, reply) => choose(parts, request, reply))
  server.post(`${THRESHOLD}/way/phone`, (request, reply) => chooseWay(parts, 'phone', request, reply))
  server.post(`${THRESHOLD}/way/here`, (request, reply) => chooseWay(parts, 'here', request, reply))
  // The browser whose cookie began the login.
  server.get(`${LOGIN}/`, (request, reply) => showScreen(parts, request, reply))
  server.get(`${LOGIN}/qr-:tag.png`, (request, reply) => showQr(parts, request, reply))
  server.post(`${LOGIN}/wait`, (request, reply) => wait(parts, request, reply))
  server.post(`${LOGIN}/again`, (request, reply) => startAgain(parts, request, reply))
  server.get(`${LOGIN}/collect`, (request, reply) => collect(parts, request, reply))
  server.get(`${THRESHOLD}/ticket`, (request, reply) => useTicket(parts, request, reply))
  // The session of this host.
  server.get(`${THRESHOLD}/sign-out`, (request, reply) => showSignOut(parts, request, reply))
  server.post(`${THRESHOLD}/sign-out`, (request, reply) => signOut(parts, request, reply))
  await server.ready()
  return (req, res) => server.routing(req, res)
}
