import type { ServerOptions } from 'node:http'
import { SECOND } from '../../lib/clock.ts'
import { isWebSocket } from '../reading/wire.ts'

/** For `createServer` of `node:http` and `node:https`; each line is something that the hot path relies on. */
// SECURITY(replace: insecureHTTPParser: false, → ): nothing in the environment may make two requests of one. Test: S1 to S8: no option of Node in the environment makes the parser lenient
export const serverOptions: ServerOptions = {
  insecureHTTPParser: false,
  // We answer these ourselves, with a page for people.
  requireHostHeader: false,
  // Room for a target of 16 kB and as much header again; beyond, 431.
  maxHeaderSize: 32_768,
  headersTimeout: 20 * SECOND,
  // How often slow heads are looked for.
  connectionsCheckingInterval: 5 * SECOND,
  // Uploads take as long as they take.
  requestTimeout: 0,
  // Longer than the proxies in front hold theirs, so that they never send into a closing connection.
  keepAliveTimeout: 75 * SECOND,
  noDelay: true,
  // Whatever else wants to upgrade (h2c) is an ordinary request.
  shouldUpgradeCallback: (req) => isWebSocket(req.method ?? '', req.httpVersion, req.headers.upgrade),
}
