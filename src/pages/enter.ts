import { address, html } from './html.ts'
import { say, sayText, words } from './messages.ts'
import { plainPage } from './plain.ts'
import type { EnterView, Lang, Page } from './views.ts'

/**
 * Takes a browser into the app: asks by POST, with what the app has left in this browser's storage, writes the answer
 * there and goes on with the fragment that only the browser knows. The answer never stands in a page or an address.
 */
export function enterPage(lang: Lang, view: EnterView): Page {
  const { enter } = words(lang)
  return plainPage(lang, {
    title: sayText(enter.title, { app: view.app }),
    place: view.place,
    heading: html`${say(enter.heading, { app: html`<bdi>${view.app}</bdi>` })}`,
    script: goIn,
    body: html`
<p>${enter.text}</p><noscript><p>${say(enter.noScript, { app: html`<bdi>${view.app}</bdi>` })}</p></noscript>
<div class="acts" id="in" data-post="${address(view.post)}" data-reads="${view.reads.join(' ')}"></div>`,
  })
}

/** For engines without promises. Whatever goes wrong leads to a page that says so. */
const goIn = `(function(){
var at=document.getElementById('in'),post=at.getAttribute('data-post'),reads=at.getAttribute('data-reads').split(' '),body='',ask=new XMLHttpRequest();
function fail(why){location.replace(post+'?failed='+why+location.hash)}
for(var i=0;i<reads.length;i++){var had='';try{had=localStorage.getItem(reads[i])||''}catch(e){}
if(reads[i])body+=(body?'&':'')+encodeURIComponent(reads[i])+'='+encodeURIComponent(had.slice(0,2000))}
ask.open('POST',post);ask.setRequestHeader('Content-Type','application/x-www-form-urlencoded');
ask.onreadystatechange=function(){if(ask.readyState!==4)return;var said;
try{said=JSON.parse(ask.responseText)}catch(e){}
if(ask.status!==200||!said)return fail('app-down');
if(said.failed)return fail(said.failed);
try{for(var key in said.write)localStorage.setItem(key,said.write[key])}catch(e){return fail('storage')}
location.replace(said.go+location.hash)};
ask.send(body)})()`
