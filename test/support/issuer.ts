import type { IncomingMessage, ServerResponse } from 'node:http'
import { type DemoClient, type DemoPerson, household } from '../../src/demo/provider/people.ts'
import { startDemoProvider } from '../../src/demo/provider/provider.ts'
import { freePort } from './ports.ts'

/** A request that the provider received. */
export type IssuerRequest = { method: string; path: string; query: URLSearchParams }

/** How the provider behaves from now on. */
export type IssuerBehaviour = {
  /** Its people, by name of the button; change their groups, e-mail or names at will. */
  people: DemoPerson[]
  /** Whoever signs in is said to have done so this many seconds ago. */
  signedInSecondsAgo: number
  /** Answers every request with this status and no body, as a broken provider would. */
  failWith: number | undefined
}

export type Issuer = {
  issuer: string
  port: number
  clientId: string
  clientSecret: string
  /** Where the provider may send people back to; add to it at will. */
  redirectUris: string[]
  requests: IssuerRequest[]
  setOption<K extends keyof IssuerBehaviour>(name: K, value: IssuerBehaviour[K]): void
  close(): Promise<void>
}

/**
 * The real provider of the demo on 127.0.0.1, as `hostname` (default `id.localhost`), over https when a
 * certificate is given.
 */
export async function startIssuer(
  options: { port?: number; hostname?: string; https?: { cert: string; key: string }; redirectUris?: string[] } = {},
): Promise<Issuer> {
  const port = options.port ?? (await freePort())
  const scheme = options.https === undefined ? 'http' : 'https'
  const issuer = `${scheme}://${options.hostname ?? 'id.localhost'}:${port}`
  const redirectUris = options.redirectUris ?? []
  const client: DemoClient = { id: 'entryphone', secret: 'a secret of the tests', name: 'Entryphone', redirectUris }
  const behaviour: IssuerBehaviour = {
    people: household.map((person) => ({ ...person })),
    signedInSecondsAgo: 0,
    failWith: undefined,
  }
  const people: DemoPerson[] = [...behaviour.people]
  const requests: IssuerRequest[] = []

  function observe(request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', issuer)
    requests.push({ method: request.method ?? '', path: url.pathname, query: url.searchParams })
    if (behaviour.failWith === undefined) return false
    response.writeHead(behaviour.failWith).end()
    return true
  }

  const listening = await startDemoProvider({
    origin: issuer,
    listenHost: '127.0.0.1',
    port,
    clients: [client],
    people,
    observe,
    signedInAtSeconds: () => Math.floor(Date.now() / 1000) - behaviour.signedInSecondsAgo,
    ...(options.https === undefined ? {} : { https: options.https }),
  })
  return {
    issuer,
    port,
    clientId: client.id,
    clientSecret: client.secret,
    redirectUris,
    requests,
    setOption(name, value) {
      behaviour[name] = value
      people.splice(0, people.length, ...behaviour.people)
    },
    close: listening.close,
  }
}
