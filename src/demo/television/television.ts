import { createServer, type IncomingMessage } from 'node:http'
import { type Listening, listen } from '../listen.ts'
import { sendPage } from '../look.ts'
import { createCamera } from './camera.ts'
import { createGlass, type Gateway } from './glass.ts'
import { livingRoomPage } from './living-room.ts'
import { nothingToScanPage } from './pages.ts'

/** The page that the television is switched on with. */
const firstPage = '/films/42?t=90'

/**
 * A living room in a browser tab. At `setAuthority`: the drawing of a television and a phone, and `/camera`, which
 * leads to whatever the code on the screen says. At `screenAuthority`: what the television shows, see `createGlass`.
 */
export async function startTelevision(options: {
  port: number
  listenHost: string
  setAuthority: string
  screenAuthority: string
  gateway: Gateway & { doorOrigin: string }
}): Promise<Listening> {
  const { setAuthority, screenAuthority, gateway } = options
  const camera = await createCamera()
  const screenOrigin = `http://${screenAuthority}`
  const glass = createGlass({ gateway, screenOrigin, firstPage, camera })
  const room = livingRoomPage({
    screenOrigin,
    firstPage,
    appOrigin: `http://${gateway.appAuthority}`,
    myScreens: `${gateway.doorOrigin}/me`,
  })
  const hostOf = (request: IncomingMessage) => request.headers.host?.toLowerCase()

  const server = createServer(async (request, response) => {
    if (hostOf(request) === screenAuthority) glass.request(request, response)
    else if (hostOf(request) !== setAuthority) response.writeHead(421).end('not a host of this television\n')
    else if (request.url === '/') sendPage(response, 200, room)
    else if (request.url === '/camera') {
      const text = await camera.scan()
      if (text !== undefined && /^https?:\/\//i.test(text)) response.writeHead(303, { location: text }).end()
      else sendPage(response, 409, nothingToScanPage())
    } else response.writeHead(404).end('nothing here\n')
  })
  server.on('upgrade', (request, socket, head) => {
    if (hostOf(request) === screenAuthority) glass.upgrade(request, socket, head)
    else socket.destroy()
  })
  return listen(server, options.port, options.listenHost)
}
