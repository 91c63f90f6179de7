import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type Clock, systemClock } from '../../lib/clock.ts'
import { type Listening, listen } from '../listen.ts'
import { providerConfiguration } from './configuration.ts'
import { OpenIdProvider } from './library.ts'
import type { DemoClient, DemoPerson } from './people.ts'
import { createSignIn, signInPath } from './sign-in.ts'

/** What the provider is made of. `origin` is its issuer, without a trailing slash. */
export type DemoProviderOptions = {
  origin: string
  listenHost: string
  port: number
  clients: readonly DemoClient[]
  people: readonly DemoPerson[]
  clock?: Clock
  https?: { cert: string; key: string }
  /** When a person who signs in now is said to have done so, in seconds since the epoch. */
  signedInAtSeconds?: () => number
  /** Sees every request; returns true when it has answered itself. */
  observe?: (request: IncomingMessage, response: ServerResponse) => boolean
}

/**
 * An OpenID provider on `oidc-provider`: code flow with PKCE, device flow, `max_age`, `prompt`, the `iss`
 * parameter, RS256. Its people sign in with one button. Rejects when the port is taken.
 */
export async function startDemoProvider(options: DemoProviderOptions): Promise<Listening> {
  const { clients, people, clock = systemClock, observe } = options
  const { host } = new URL(options.origin)
  const provider = new OpenIdProvider(options.origin, await providerConfiguration({ host, clients, people, clock }))
  const signedInAtSeconds = options.signedInAtSeconds ?? (() => Math.floor(clock.now() / 1000))
  const signIn = createSignIn({ provider, host, people, signedInAtSeconds })
  const answer = provider.callback()

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (observe?.(request, response)) return
    if (request.url?.startsWith(signInPath)) void signIn(request, response)
    else void answer(request, response)
  }
  const server = options.https === undefined ? createServer(handle) : createSecureServer(options.https, handle)
  return listen(server, options.port, options.listenHost)
}
