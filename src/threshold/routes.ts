import { createColdServer } from '../http/cold-server.ts'
import type { ColdHandler } from '../traffic/parts.ts'
import { collect } from './collect.ts'
import { sayYes, showConfirm } from './confirm.ts'
import { enter, openAsItIs, showEnter } from './enter.ts'
import type { ThresholdFacts } from './exchange.ts'
import { startAgain } from './new-code.ts'
import type { ThresholdParts } from './parts.ts'
import { AS_IT_IS, ENTER, LOGIN, PROVE, PROVED, SIGN_OUT, THRESHOLD } from './paths.ts'
import { prove, proved } from './prove.ts'
import { showQr } from './qr.ts'
import { showScreen } from './screen.ts'
import { showSignOut, signOut } from './sign-out.ts'
import { comeBack } from './signed-out.ts'
import { choose, chooseWay, start } from './start.ts'
import { useTicket } from './ticket.ts'
import { wait } from './wait.ts'

/** Every address of ours on an app's host. Who may call it is said beside each. */
export async function createThreshold(parts: ThresholdParts): Promise<ColdHandler<ThresholdFacts>> {
  const server = await createColdServer<ThresholdParts, ThresholdFacts>(parts, {
    place: parts.placeName,
    wayOn: { label: 'open-app', href: '/' },
  })
  // Anybody: begins a login, or goes on with the one that this browser has.
  server.get(`${THRESHOLD}/start`, start)
  server.get(`${THRESHOLD}/choose`, choose)
  server.post(`${THRESHOLD}/way/phone`, (exchange) => chooseWay(exchange, 'phone'))
  server.post(`${THRESHOLD}/way/here`, (exchange) => chooseWay(exchange, 'here'))
  server.post(`${THRESHOLD}/way/back`, comeBack)
  // The browser whose cookie began the login.
  server.get(`${LOGIN}/`, showScreen)
  server.get(`${LOGIN}/qr-:tag.png`, showQr)
  server.post(`${LOGIN}/wait`, wait)
  server.post(`${LOGIN}/again`, startAgain)
  server.get(`${LOGIN}/collect`, collect)
  server.get(`${THRESHOLD}/ticket`, useTicket)
  // The session of this host.
  server.get(ENTER, showEnter)
  server.post(ENTER, enter)
  server.post(AS_IT_IS, openAsItIs)
  server.get(`${THRESHOLD}/confirm`, showConfirm)
  server.get(`${THRESHOLD}/confirm/yes`, sayYes)
  server.get(PROVE, prove)
  server.get(PROVED, proved)
  server.get(SIGN_OUT, showSignOut)
  server.post(SIGN_OUT, signOut)
  return server.open()
}
