import { createServer } from 'node:http'
import { type Listening, listen } from '../../src/demo/listen.ts'

/**
 * `shell`: answers every navigation from its cache, as most installable apps do.
 * `revalidate`: like Home Assistant's. Leaves addresses with `/auth/` or `/api/` to the network and answers every other
 * GET from its cache while it fetches a new copy, keeping answers with status 200 and opaque redirects alike.
 */
export type WorkerKind = 'shell' | 'revalidate'

/** An app whose service worker stands between the browser and the gate. Its page counts how often it was rendered. */
export function startWorkerApp(kind: WorkerKind, port: number): Promise<Listening> {
  let rendered = 0
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://app')
    if (pathname === '/sw.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(workers[kind])
      return
    }
    rendered++
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(`<!doctype html><title>App</title><h1 id="app">The app, rendered ${rendered} times</h1>
<script>navigator.serviceWorker.register('/sw.js').then(function () { return navigator.serviceWorker.ready })
.then(function () { document.documentElement.className = 'ready' })</script>`)
  })
  return listen(server, port, '127.0.0.1')
}

const workers: Record<WorkerKind, string> = {
  shell: `
self.addEventListener('install', function (event) {
  self.skipWaiting()
  event.waitUntil(caches.open('shell').then(function (cache) { return cache.add('/') }))
})
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()) })
self.addEventListener('fetch', function (event) {
  if (event.request.mode !== 'navigate') return
  event.respondWith(caches.match('/').then(function (hit) { return hit || fetch(event.request) }))
})`,
  revalidate: `
self.addEventListener('install', function () { self.skipWaiting() })
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()) })
self.addEventListener('fetch', function (event) {
  var request = event.request
  if (request.method !== 'GET' || /\\/(api|auth)\\//.test(request.url)) return
  event.respondWith(caches.open('files').then(function (cache) {
    return cache.match(request).then(function (hit) {
      var fresh = fetch(request).then(function (response) {
        if (response.status === 200 || response.type === 'opaqueredirect') cache.put(request, response.clone())
        return response
      })
      return hit || fresh
    })
  }))
})`,
}
