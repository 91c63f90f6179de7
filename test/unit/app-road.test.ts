import { X509Certificate } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/demo/listen.ts'
import { type AppRoad, createAppRoad } from '../../src/recipes/app-road.ts'
import { cookieNames } from '../../src/sessions/cookies.ts'
import type { App } from '../../src/traffic/app.ts'
import { makeCertificate } from '../support/certificate.ts'
import { startTlsUpstream } from '../support/tls-upstream.ts'

function roadTo(upstream: string, upstreamTls?: App['upstreamTls']): AppRoad {
  const road = createAppRoad({
    name: 'movies',
    title: 'Movies',
    authority: 'movies.home.example',
    origin: 'https://movies.home.example',
    upstream: new URL(upstream),
    upstreamTls,
    allow: undefined,
    cors: [],
    trustedOrigins: [],
    requestHeaders: [],
    cookies: cookieNames(true, 'movies.home.example'),
  })
  onTestFinished(() => road.close())
  return road
}

async function appThat(answers: RequestListener): Promise<string> {
  const app = await listen(createServer(answers), 0, '127.0.0.1')
  onTestFinished(() => app.close())
  return `http://127.0.0.1:${app.port}`
}

test('a question goes to the app as it is, and its answer comes back whole', async () => {
  const road = roadTo(
    await appThat((request, response) => {
      const said = `${request.method} ${request.url} ${request.headers['x-key']}`
      request.on('data', (chunk) => response.writeHead(201, { 'X-Said': said }).end(chunk))
    }),
  )
  const answer = await road.ask({ method: 'POST', path: '//x?y=%2F', headers: { 'x-key': 'k' }, body: 'words' })
  expect(answer).toMatchObject({ status: 201, headers: { 'x-said': 'POST //x?y=%2F k' } })
  expect(answer.body.toString()).toBe('words')
  expect(road.ownAddress()).toBe('127.0.0.1')
})

test('a key follows no redirect, and an app that talks without end is given up', async () => {
  const asked: (string | undefined)[] = []
  const road = roadTo(
    await appThat((request, response) => {
      asked.push(request.url)
      if (request.url === '/away') {
        response.writeHead(307, { location: '/elsewhere' }).end()
        return
      }
      const talk = () => {
        while (response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', talk)
      talk()
    }),
  )
  expect(await road.ask({ method: 'GET', path: '/away', headers: { authorization: 'k' } })).toMatchObject({
    status: 307,
  })
  expect(asked).toEqual(['/away'])
  await expect(road.ask({ method: 'GET', path: '/talk' })).rejects.toThrow()
})

test('a key is shown to no app with another certificate than the forwarder would take', async () => {
  const pair = await makeCertificate(['127.0.0.1'])
  const upstream = await startTlsUpstream(pair)
  const address = `https://127.0.0.1:${upstream.port}`
  const pinned = { ca: undefined, serverName: undefined, fingerprints: [new X509Certificate(pair.cert).fingerprint256] }
  const question = { method: 'GET', path: '/', headers: { authorization: 'k' } } as const
  await expect(roadTo(address).ask(question)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  const other = { ...pinned, fingerprints: ['00'] }
  await expect(roadTo(address, other).ask(question)).rejects.toMatchObject({ code: 'CERT_NOT_PINNED' })
  expect(upstream.asked).toEqual([])
  expect(await roadTo(address, pinned).ask(question)).toMatchObject({ status: 200 })
})
