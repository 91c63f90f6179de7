import { createColdServer } from '../http/cold-server.ts'
import { leadTo } from '../http/reply.ts'
import type { ColdHandler } from '../traffic/parts.ts'
import { decideCaller } from './accounts/decide-caller.ts'
import { showApp } from './accounts/page.ts'
import { makeScreensAccount, unlink } from './accounts/part-accounts.ts'
import { beginCode, confirmCode, showCode, showConfirm } from './accounts/prove-code.ts'
import { provePassword } from './accounts/prove-password.ts'
import type { DoorFacts } from './exchange.ts'
import { showHealth } from './health.ts'
import { showMe } from './me/me.ts'
import { revoke, revokeAll, signOutHere } from './me/sign-outs.ts'
import { decideKnock, showKnock } from './natives/knock.ts'
import { watchKnocks } from './natives/knock-watch.ts'
import type { DoorParts } from './parts.ts'
import { enterCode, showCodeEntry } from './screens/code-entry.ts'
import { decide } from './screens/decide.ts'
import { openShortLink } from './screens/short-link.ts'
import { callback } from './sign-in/callback.ts'
import { otherAccount, signInForApp } from './sign-in/sign-in.ts'

/** Every address at the door. Who may call it is said beside each. */
export async function createDoor(parts: DoorParts): Promise<ColdHandler<DoorFacts>> {
  const server = await createColdServer<DoorParts, DoorFacts>(parts, {
    place: parts.door.authority,
    wayOn: { label: 'my-screens', href: '/me' },
  })
  // Load balancers.
  server.get('/health', showHealth)
  server.get('/', ({ reply }) => leadTo(reply, '/me'))
  // Anybody with the link; what they can do depends on who they are. Old QR readers change the letters' case.
  for (const d of ['d', 'D']) {
    server.get(`/${d}/:id`, openShortLink)
    server.get(`/${d}`, showCodeEntry)
    server.get(`/${d}/`, showCodeEntry)
  }
  // A press on our own page, in the browser that it was shown to.
  server.post('/d/:id', decide)
  server.post('/d/:id/other-account', otherAccount)
  // Somebody who is signed in.
  server.post('/d', enterCode)
  server.get('/knock', showKnock)
  server.post('/knock', decideKnock)
  server.get('/me', showMe)
  server.get('/me/knocks', watchKnocks)
  server.post('/me/revoke', revoke)
  server.post('/me/revoke-all', revokeAll)
  server.post('/me/sign-out', signOutHere)
  server.get('/me/apps/:app', showApp)
  server.post('/me/apps/:app/password', provePassword)
  server.post('/me/apps/:app/code', beginCode)
  server.get('/me/apps/:app/code', showCode)
  server.get('/me/apps/:app/confirm', showConfirm)
  server.post('/me/apps/:app/confirm', confirmCode)
  server.post('/me/apps/:app/make', makeScreensAccount)
  server.post('/me/apps/:app/unlink', unlink)
  server.post('/me/apps/:app/callers', decideCaller)
  // Browsers on their way between an app's host and the provider.
  server.get('/sign-in', signInForApp)
  server.get('/callback', callback)
  return server.open()
}
