import { connect as connectPlain } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { startGateway } from '../../src/gateway.ts'
import { type LogFields, silentLog } from '../../src/lib/log.ts'
import { listenForHttp } from '../../src/listen.ts'
import { makeAuthority, makeCertificate } from '../support/certificate.ts'
import { writeConfig } from '../support/config-file.ts'
import { docSnippets, fill } from '../support/doc-snippet.ts'
import { type HttpsProvider, startHttpsProvider } from '../support/https-provider.ts'
import { freePort } from '../support/ports.ts'
import { parseResponse, type RawResponse } from '../support/raw.ts'
import { startRecorder } from '../support/recorder.ts'

const [PROXY = '', OWN = '', HOME = '', APPS = '', PROVIDER = ''] = docSnippets('tls.md', 'yaml')
const ca = await makeAuthority()
const DOOR = 'door.home.example'
const APP = 'jellyfin.home.example'
const BROWSER = 'Accept: text/html'

/** The file of a page with this machine's places in it, each of which must have been there. */
async function placed(yaml: string, places: Record<string, string>): Promise<string> {
  const upstream = await startRecorder()
  onTestFinished(() => upstream.close())
  const own = yaml.includes('http://127.0.0.1:8096') && { 'http://127.0.0.1:8096': upstream.url.origin }
  return fill(yaml, { '/run/secrets/oidc': 'oidc', ...own, ...places })
}

/** Starts the gateway with a file and others beside it. */
async function start(yaml: string, beside: Record<string, string> = {}) {
  const file = await writeConfig(yaml, { oidc: 'a secret', 'ca.pem': ca.cert, ...beside })
  const loaded = loadConfig(file, {})
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
  const told: ({ event: string } & LogFields)[] = []
  const tell = (event: string, fields?: LogFields) => void told.push({ event, ...fields })
  const gateway = await startGateway({ config: loaded.config, log: { ...silentLog, notice: tell, warn: tell } })
  onTestFinished(() => gateway.close())
  return { config: loaded.config, told, warnings: loaded.warnings }
}

/** A provider as `https://id.home.example`, and the lines by which the gateway gets there. */
async function startProvider(): Promise<{ provider: HttpsProvider; road: string }> {
  const provider = await startHttpsProvider(await makeCertificate(['id.home.example'], { ca }))
  return { provider, road: `oidc\n  ca_file: ca.pem\n  internal_url: https://127.0.0.1:${provider.port}` }
}

/** One request on a connection of its own. */
type Ask = (host: string, line: string, ...fields: string[]) => Promise<RawResponse>

function asker(port: number, scheme: 'http' | 'https'): Ask {
  return async (host, line, ...fields) => {
    const place = { port, host: '127.0.0.1' }
    const tls = { ...place, servername: host, ca: ca.cert }
    const socket = scheme === 'https' ? connectTls(tls) : connectPlain(place)
    socket.write(`${[`${line} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...fields].join('\r\n')}\r\n\r\n`)
    return parseResponse(await text(socket))
  }
}

const hsts = (answer: RawResponse) => answer.all('strict-transport-security')
const cookiesOf = (answers: RawResponse[]) =>
  `Cookie: ${answers
    .flatMap((answer) => answer.all('set-cookie'))
    .map((line) => line.split(';', 1)[0])
    .join('; ')}`

/** Signs in at the door; what it answered before, and the list of screens after it. */
async function signIn(ask: Ask, provider: HttpsProvider) {
  const leaving = await ask(DOOR, 'GET /me', BROWSER, 'Sec-Fetch-Mode: navigate')
  const away = new URL(leaving.all('location')[0] ?? '')
  expect(away.origin).toBe('https://id.home.example')
  provider.nonce = away.searchParams.get('nonce') ?? ''
  const callback = `GET /callback?code=c&state=${away.searchParams.get('state')}`
  const back = await ask(DOOR, callback, BROWSER, cookiesOf([leaving]))
  expect([back.status, back.all('location')]).toEqual([303, ['/me']])
  const list = await ask(DOOR, 'GET /me', BROWSER, cookiesOf([leaving, back]))
  expect(list.status).toBe(200)
  return { leaving, list }
}

test('a proxy in front: the file in the docs works, and HSTS is not said before a sign-in', async () => {
  const port = await freePort()
  const { provider, road } = await startProvider()
  await start((await placed(PROXY, { '127.0.0.1:8080': `127.0.0.1:${port}` })).replace('oidc\n', `${road}\n`))
  const ask = asker(port, 'http')
  const challenge = await ask(APP, 'GET /', BROWSER, 'X-Forwarded-For: 203.0.113.9')
  expect([challenge.status, hsts(challenge)]).toEqual([401, []])
  const { leaving, list } = await signIn(ask, provider)
  expect([hsts(leaving), hsts(list)]).toEqual([[], ['max-age=31536000']])
})

test('Entryphone itself: the file in the docs works, http leads to https, and HSTS is not said before a sign-in', async () => {
  const [port, httpPort] = [await freePort(), await freePort()]
  const { provider, road } = await startProvider()
  const yaml = await placed(OWN, {
    '/etc/letsencrypt/live/home.example/fullchain.pem': 'cert.pem',
    '/etc/letsencrypt/live/home.example/privkey.pem': 'key.pem',
  })
  const ports = `listen: 127.0.0.1:${port}\nhttp_redirect: 127.0.0.1:${httpPort}\n`
  const pair = await makeCertificate([DOOR, `www.${DOOR}`, APP], { ca })
  const beside = { 'cert.pem': pair.cert, 'key.pem': pair.key }
  const { warnings } = await start(ports + yaml.replace('oidc\n', `${road}\n`), beside)
  expect(warnings).toEqual([])
  const [plain, ask] = [asker(httpPort, 'http'), asker(port, 'https')]
  const led = await plain(APP, 'GET /films', BROWSER)
  expect([led.status, led.all('location'), hsts(led)]).toEqual([301, [`https://${APP}/films`], []])
  expect((await plain(APP, 'GET /films')).status).toBe(403)
  const www = await ask(`www.${DOOR}`, 'GET /me', BROWSER)
  expect([www.status, www.all('location'), hsts(www)]).toEqual([301, [`https://${DOOR}/me`], []])
  expect((await ask(APP, 'GET /', BROWSER)).status).toBe(401)
  const { leaving, list } = await signIn(ask, provider)
  expect([hsts(leaving), hsts(list)]).toEqual([[], ['max-age=31536000']])
})

test('nobody: the file in the docs works at home, with a warning and without HSTS', async () => {
  const port = await freePort()
  const yaml = await placed(HOME, { ':8080': `:${port}` })
  const { told, warnings } = await start(`listen: 127.0.0.1:${port}\n${yaml}`)
  expect(warnings).toMatchObject([{ path: 'insecure_http' }])
  expect(told).toContainEqual(expect.objectContaining({ event: 'insecure_option', option: 'insecure_http' }))
  const ask = asker(port, 'http')
  const challenge = await ask(`jellyfin.lan:${port}`, 'GET /', BROWSER)
  expect([challenge.status, hsts(challenge)]).toEqual([401, []])
  expect((await ask(`door.lan:${port}`, 'GET /')).all('location')).toEqual(['/me'])
  expect((await ask(`www.door.lan:${port}`, 'GET /', BROWSER)).all('location')).toEqual([`http://door.lan:${port}/`])
})

test('apps that speak https: the file in the docs is one without a fault', async () => {
  const port = await freePort()
  const yaml = await placed(APPS, { 'tls/pve-root-ca.pem': 'ca.pem' })
  const { config } = await start(`listen: 127.0.0.1:${port}\n${yaml}`)
  expect(config.apps.map(({ upstreamTls }) => Object.keys(JSON.parse(JSON.stringify(upstreamTls))))).toEqual([
    ['caFile', 'serverName'],
    ['fingerprint'],
  ])
})

test('a provider at home: the file in the docs works', async () => {
  const port = await freePort()
  const { provider } = await startProvider()
  const yaml = await placed(PROVIDER, {
    'tls/home-ca.pem': 'ca.pem',
    'https://caddy:443': `https://127.0.0.1:${provider.port}`,
  })
  await start(`listen: 127.0.0.1:${port}\n${yaml}`)
  await signIn(asker(port, 'http'), provider)
  expect(new Set(provider.heard.map(({ host }) => host))).toEqual(new Set(['id.home.example']))
})

test('a port 80 that another program has is told and done without, unless it was asked for', async () => {
  const taken = await startRecorder()
  onTestFinished(() => taken.close())
  const address = { host: '127.0.0.1', port: Number(taken.url.port) }
  const told: string[] = []
  const log = {
    ...silentLog,
    warn: (event: string, fields?: LogFields) => void told.push(`${event} ${fields?.['why']}`),
  }
  const nothing = () => undefined
  const plainHttp = { request: nothing, upgrade: nothing, clientError: nothing }
  const parts = { plainHttp, log, connections: { follow: nothing } }
  const close = await listenForHttp({ ...parts, redirect: { address, byDefault: true } })
  await close()
  expect(told).toEqual([expect.stringMatching(/^http_redirect_unavailable Cannot listen on .* another program has it/)])
  await expect(listenForHttp({ ...parts, redirect: { address, byDefault: false } })).rejects.toThrow(
    'change "http_redirect"',
  )
})
