import { address, type Html, html, raw } from './html.ts'
import type { AppCodeView } from './inside-views.ts'
import { say, sayText, words } from './messages.ts'
import { phonePage } from './phone.ts'
import type { Lang, Page } from './views.ts'

/** Digits to type in an app where one is signed in; the page goes on when that is done, also without script. */
export function appCodePage(lang: Lang, view: AppCodeView): Page {
  const { code } = words(lang).inside
  const app = html`<bdi>${view.app}</bdi>`
  const digits = `${view.digits.slice(0, 3)} ${view.digits.slice(3)}`
  const step = (number: number, text: Html) => html`<li><span class="n">${number}</span><span>${text}</span></li>`
  return phonePage(lang, {
    title: sayText(code.title, { digits, app: view.app }),
    doorHost: view.doorHost,
    heading: say(code.heading, { app }),
    // Without script the page looks again by itself; the other one is for a script that dies on the way.
    refresh: html`${raw('<noscript><meta http-equiv="refresh" content="5"></noscript><meta http-equiv="refresh" content="300">')}`,
    script: lookAgain,
    body: html`
<div class="card"><div class="code big" dir="ltr" translate="no" role="img" aria-label="${sayText(code.spelled, { digits: view.digits.split('').join(' ') })}">${digits}</div></div>
<ol class="steps">${step(1, say(code.steps.open, { app }))}${step(2, say(code.steps.find, { place: html`<b><bdi>${view.typedAt}</bdi></b>` }))}${step(3, html`${code.steps.type}`)}</ol>
<p class="soft centre" id="at" role="status" aria-live="polite" data-self="${address(view.self)}">${say(code.waiting, { app })}</p>
<a class="press gap" href="${address(view.self)}">${code.check}</a>
<p class="centre gap"><a class="link" href="${address(view.back)}">${code.stop}</a></p>`,
  })
}

/** Asks every few seconds, and at once when the person comes back from the app; for ten minutes, as long as digits live. */
const lookAgain = `(function(){
var self=document.getElementById('at').getAttribute('data-self'),asking,began=+new Date,timer;
function ask(){
if(asking||document.hidden)return;
asking=1;clearTimeout(timer);
var x=new XMLHttpRequest();
x.open('GET',self);x.setRequestHeader('Accept','application/json');
x.onreadystatechange=function(){
if(x.readyState!==4)return;
var said;asking=0;
try{said=JSON.parse(x.responseText)}catch(e){}
if(said&&said.go)return location.replace(said.go);
if(new Date-began<660000)timer=setTimeout(ask,3000)};
x.send()}
document.addEventListener('visibilitychange',ask);
timer=setTimeout(ask,3000)
})()`
