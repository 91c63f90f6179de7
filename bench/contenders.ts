import type { ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { makeGatewayData, type TokenForm } from './gateway-data.ts'
import { startProcess } from './processes.ts'

/** Where a contender is started: nothing of it is left behind outside `dir`. */
export type Place = { dir: string; port: number; upstream: string }

/** What has been started, the request that it is asked again and again, and the status that only counts. */
export type Started = { child: ChildProcess; request: string; status: number }

export type Contender = (place: Place) => Started | Promise<Started>

/** Each is a process of its own. */
export const contenders = {
  gateway: (place) => startGateway(place, {}),
  'jellyfin, no recipe': (place) => startGateway(place, { token: 'jellyfin' }),
  'jellyfin, cookie': (place) => startGateway(place, { recipe: 'jellyfin' }),
  'jellyfin, token': (place) => startGateway(place, { recipe: 'jellyfin', token: 'jellyfin' }),
  'home-assistant, no recipe': (place) => startGateway(place, { token: 'home-assistant' }),
  'home-assistant, cookie': (place) => startGateway(place, { recipe: 'home-assistant' }),
  'home-assistant, token': (place) => startGateway(place, { recipe: 'home-assistant', token: 'home-assistant' }),
  'gateway, no cookie': (place) => startGateway(place, { stranger: true }),
  undici: (place) => startForwarder(place, 'undici-forwarder.ts'),
  'undici again': (place) => startForwarder(place, 'undici-forwarder.ts'),
  '@fastify/http-proxy': (place) => startForwarder(place, 'fastify-http-proxy.ts'),
  'fastify hello': (place) => startForwarder(place, 'fastify-hello.ts'),
} satisfies Record<string, Contender>

export type ContenderName = keyof typeof contenders

/** Who asks, and what the gateway knows of the app. `token`: the app's own credential comes along, beside the cookie. */
type Asking = { stranger?: true; recipe?: string; token?: TokenForm }

/** With its store in SQLite and its log in a file, as people run it. */
async function startGateway({ dir, port, upstream }: Place, asking: Asking): Promise<Started> {
  const { stranger, recipe = 'generic', token } = asking
  const data = await makeGatewayData(mkdtempSync(join(dir, 'gateway-')), {
    port,
    upstream,
    recipe,
    token: token ?? 'jellyfin',
  })
  const child = startProcess('measured', join(dir, 'gateway.log'), '../src/main.ts', 'serve', '--config', data.config)
  if (stranger === true) return { child, request: requestFor(data.host, asNavigation), status: 401 }
  const own = token === undefined ? [] : [`Authorization: ${data.authorization}`]
  return { child, request: requestFor(data.host, [...asScript, `Cookie: ${data.cookie}`, ...own], PATH), status: 200 }
}

function startForwarder({ dir, port, upstream }: Place, script: string): Started {
  const child = startProcess('measured', join(dir, 'others.log'), script, String(port), upstream)
  // A cookie of the same length, so that all parse and send on as much.
  const cookie = `Cookie: session-12345678=${'x'.repeat(43)}`
  const path = script === 'fastify-hello.ts' ? '/' : PATH
  return { child, request: requestFor(`app.localhost:${port}`, [...asScript, cookie], path), status: 200 }
}

/** Nothing that a recipe has a rule for, as nearly all that is asked. */
const PATH = '/items/42'

const agent =
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const languages = ['Accept-Encoding: gzip, deflate, br', 'Accept-Language: en-GB,en;q=0.9,de;q=0.8']
const asScript = [agent, 'Accept: application/json', ...languages]
const asNavigation = [agent, 'Accept: text/html,application/xhtml+xml,*/*;q=0.8', ...languages]

function requestFor(host: string, fields: readonly string[], path = '/'): string {
  return [`GET ${path} HTTP/1.1`, `Host: ${host}`, ...fields, '', ''].join('\r\n')
}
