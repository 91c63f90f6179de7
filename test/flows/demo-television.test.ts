import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import QRCode from 'qrcode'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { createLoopbackFetch, loopbackLookup } from '../../src/demo/loopback.ts'
import { startTelevision } from '../../src/demo/television/television.ts'
import { freePort } from '../support/ports.ts'

const app = 'cinema.localhost:8080'
const link = 'HTTP://DOOR.LOCALHOST:8080/D/AAAABBBBCCCCDDDD'
const loopback = createLoopbackFetch()
let upstream: Server
const seen: IncomingMessage[] = []
let screen: string
let set: string
let television: Awaited<ReturnType<typeof startTelevision>>

beforeEach(async () => {
  seen.length = 0
  upstream = createServer()
  upstream.on('request', async (request, response) => {
    seen.push(request)
    const html = { 'content-type': 'text/html' }
    switch (request.url) {
      case '/.entryphone/auth/one/qr-1.png':
        return response.writeHead(200, { 'content-type': 'image/png' }).end(await QRCode.toBuffer(link, { scale: 9 }))
      case '/to-itself':
        return response.writeHead(303, { location: `http://${app}/films/42?t=90` }).end()
      case '/to-the-door':
        return response.writeHead(303, { location: 'http://door.localhost:8080/d' }).end()
      default:
        return response
          .writeHead(200, {
            ...html,
            'content-security-policy': "default-src 'none'; frame-ancestors 'none'; img-src 'self'",
            'x-frame-options': 'DENY',
            'set-cookie': ['entryphone-1=secret; Path=/; HttpOnly; SameSite=Lax', 'other=1'],
          })
          .end('<p>a page</p>')
    }
  })
  const sockets = new WebSocketServer({ noServer: true })
  upstream.on('upgrade', (request, socket, head) => {
    seen.push(request)
    if (request.url === '/refused') return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    return sockets.handleUpgrade(request, socket, head, (open) => open.on('message', (data) => open.send(`${data}!`)))
  })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const port = await freePort()
  set = `http://tv.localhost:${port}`
  screen = `http://screen.tv.localhost:${port}`
  television = await startTelevision({
    port,
    listenHost: '127.0.0.1',
    setAuthority: `tv.localhost:${port}`,
    screenAuthority: `screen.tv.localhost:${port}`,
    gateway: {
      host: '127.0.0.1',
      port: (upstream.address() as AddressInfo).port,
      appAuthority: app,
      doorOrigin: 'http://door.localhost:8080',
    },
  })
})

afterEach(async () => {
  await television.close()
  upstream.close()
  upstream.closeAllConnections()
})

const get = (url: string, init: RequestInit = {}) => loopback.fetch(url, { redirect: 'manual', ...init })

test('the drawn television asks as a television would', async () => {
  await get(`${screen}/films/42?t=90&x=%2F`, {
    method: 'POST',
    body: 'a=1',
    headers: {
      'user-agent': 'Desktop',
      'sec-ch-ua-platform': '"Linux"',
      cookie: 'entryphone-1=secret',
      origin: screen,
      referer: `${screen}/films/7`,
    },
  })
  const [request] = seen
  expect(request?.url).toBe('/films/42?t=90&x=%2F')
  expect(request?.headers).toMatchObject({
    host: app,
    cookie: 'entryphone-1=secret',
    origin: `http://${app}`,
    referer: `http://${app}/films/7`,
  })
  expect(request?.headers['user-agent']).toContain('Web0S')
  const fromDesktop = Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('sec-'))
  expect(fromDesktop).toEqual([])
})

test('its glass may be framed, and keeps every other rule and every cookie of the answer', async () => {
  const response = await get(`${screen}/`)
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; img-src 'self'")
  expect(response.headers.get('x-frame-options')).toBeNull()
  expect(response.headers.getSetCookie()).toEqual(['entryphone-1=secret; Path=/; HttpOnly; SameSite=Lax', 'other=1'])
  expect(await response.text()).toBe('<p>a page</p>')
})

test('redirects of the app stay on the glass; others are shown in words, with a way back to the code', async () => {
  expect((await get(`${screen}/to-itself`)).headers.get('location')).toBe('/films/42?t=90')
  const away = await get(`${screen}/to-the-door`, { headers: { cookie: 'entryphone-1=a; entryphone-1-way=here' } })
  expect(away.headers.get('location')).toBeNull()
  expect(away.headers.getSetCookie()).toEqual(['entryphone-1-way=; Path=/; Max-Age=0'])
  expect(await away.text()).toContain('door.localhost:8080')
})

test('the phone scans the picture that is on the screen, and nothing once it is gone', async () => {
  expect((await get(`${set}/camera`)).status).toBe(409)
  await (await get(`${screen}/.entryphone/auth/one/qr-1.png`)).arrayBuffer()
  const scanned = await get(`${set}/camera`)
  expect(scanned.status).toBe(303)
  expect(scanned.headers.get('location')).toBe(link)
  await (await get(`${screen}/films/42`)).text()
  expect((await get(`${set}/camera`)).status).toBe(409)
})

test('a WebSocket of the drawn television reaches the gateway from the app itself', async () => {
  const open = (path: string) =>
    new WebSocket(`${screen.replace('http', 'ws')}${path}`, { origin: screen, lookup: loopbackLookup })
  const socket = open('/socket')
  await once(socket, 'open')
  socket.send('hello')
  const [answer] = await once(socket, 'message')
  expect(String(answer)).toBe('hello!')
  expect(seen[0]?.headers).toMatchObject({ host: app, origin: `http://${app}` })
  socket.close()
  await once(socket, 'close')

  const refused = open('/refused')
  const [error] = await once(refused, 'error').catch((reason) => [reason])
  expect(String(error)).toContain('403')
})

test('the living room frames the screen alone, and a stranger host gets nothing', async () => {
  const room = await get(`${set}/`)
  expect(room.headers.get('content-security-policy')).toContain(`frame-src ${screen};`)
  expect(await room.text()).toContain(`src="${screen}/films/42?t=90"`)
  expect((await get(set.replace('tv.', 'evil.'))).status).toBe(421)
})

test('a gateway that is gone is said on the screen', async () => {
  upstream.close()
  upstream.closeAllConnections()
  const response = await get(`${screen}/`)
  expect(response.status).toBe(502)
  expect(await response.text()).toContain('No signal')
})
