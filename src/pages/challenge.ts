import { address, html } from './html.ts'
import { say, sayText, words } from './messages.ts'
import { plainPage } from './plain.ts'
import type { Lang, Page } from './views.ts'

/** The link is sealed and leads to the start of a login; `title` is the app's. `webview`: it is sent as a 200. */
export type ChallengeView = { link: string; title: string; place?: string; webview?: boolean }

/**
 * The page of a 401: says where one is, and goes on by itself with the fragment that only the browser knows. It holds
 * no code and no state. Old browsers replace short error pages by their own, so it is well over 600 bytes. Companion
 * apps get it as a 200, which an app's service worker may have kept: there it goes from the caches first.
 */
export function challengePage(lang: Lang, view: ChallengeView): Page {
  const { challenge } = words(lang)
  const link = address(view.link)
  return plainPage(lang, {
    title: challenge.title,
    place: view.place ?? '',
    heading: html`${challenge.heading}`,
    script: view.webview ? forgetAndLeave : leave,
    refresh: html`<noscript><meta http-equiv="refresh" content="0;url=${link}"></noscript>`,
    body: html`
<p>${say(challenge.text, { app: html`<bdi>${view.title}</bdi>` })}</p>
<div class="acts"><div><a class="press first" id="go" href="${link}">${sayText(challenge.go)}</a></div></div>`,
  })
}

const leave = `location.replace(document.getElementById('go').getAttribute('href')+location.hash)`

/** Takes this address out of every cache of this host; a worker that does not answer within a second is left behind. */
const forgetAndLeave = `(function(){
var gone;
function go(){if(!gone){gone=1;${leave}}}
try{caches.keys().then(function(names){return Promise.all(names.map(function(name){
return caches.open(name).then(function(cache){return cache['delete'](location.href,{ignoreVary:true})})}))}).then(go,go);
setTimeout(go,1000)}catch(e){go()}
})()`
