import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Answer, json, type Route, route } from './router.ts'
import type { State } from './state.ts'

/** Jellyfin's own client library, as published. */
export const apiClientFile = fileURLToPath(import.meta.resolve('jellyfin-apiclient'))

/**
 * The hosted web client: one document, which is never kept, and scripts. It is a small page of ours around Jellyfin's
 * own library, which keeps and judges its sign-in by the rules of the real one.
 */
export function webRoutes(state: State): Route[] {
  const script = (file: string): Answer => ({
    status: 200,
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
    body: readFileSync(file),
  })
  const document = (): Answer => ({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: readFileSync(join(import.meta.dirname, 'web/index.html'), 'utf8').replace('{version}', state.version),
  })
  return [
    route('nothing', 'GET', '/', () => ({ status: 302, headers: { location: 'web/' } })),
    route('nothing', 'GET', '/web', document),
    route('nothing', 'GET', '/web/index.html', document),
    route('nothing', 'GET', '/web/ConfigurationPage', document),
    route('nothing', 'GET', '/web/manifest.json', () => json({ name: 'Jellyfin', start_url: '/web/' })),
    route('nothing', 'GET', '/web/jellyfin-apiclient.js', () => script(apiClientFile)),
    route('nothing', 'GET', '/web/client.js', () => script(join(import.meta.dirname, 'web/client.js'))),
  ]
}
