/**
 * What a service worker's script is while nobody is signed in. Apps whose worker answers navigations from its cache
 * would never show the challenge; the browser's own update check fetches this one instead, which takes itself out and
 * loads its windows again. The app registers its own worker anew after sign-in. Old engines with workers know promises
 * but not `async`.
 */
export const signedOutWorker = `self.addEventListener('install', function () {
  self.skipWaiting()
})
self.addEventListener('activate', function (event) {
  event.waitUntil(
    self.registration.unregister().then(function () {
      return self.clients.matchAll({ type: 'window' })
    }).then(function (windows) {
      return Promise.all(windows.map(function (shown) {
        return shown.navigate(shown.url).catch(function () {})
      }))
    })
  )
})
`
