/**
 * What makes the television quick: asks by long poll and goes on by itself. ES5 and nothing newer, because WebKit 538
 * runs it. It is the same text for everybody (so one hash allows it); what differs stands in `data-` attributes of
 * the status line. Everything works without it, by reloading.
 *
 * - Answers: `waiting` is nothing new, `opened` changes the words, `reload` reloads, `go` leaves for `url` with our
 *   fragment. `replace` and `reload` add no step to the history, so that Back leaves the page.
 * - A failed poll ends nothing: it waits longer each time, up to 10 s, and says so after 15 s of silence. An answer
 *   of 4xx means that the page is out of date; the server then knows better what to show.
 * - 35 s are more than the server ever holds a poll, so by then the line is dead.
 * - The first focus goes to the heading: one press reaches the way out, and no stray OK takes it.
 */
export const screenScript = `(function(){
var d=document,s=d.getElementById('status'),w=d.getElementById('say'),seen=its('seen'),mode=its('mode'),pause=500,lost;
function its(n){return s.getAttribute('data-'+n)||''}
function again(){if(location.hash)location.reload();else location.replace(its('self'))}
function say(n){if(w.firstChild.nodeValue!==its(n))w.firstChild.nodeValue=its(n)}
function show(n){say(n);d.title=its(n+'-title')||d.title;d.getElementById('page').className='page '+n}
function poll(){
var x=new XMLHttpRequest(),began=+new Date,over,dead=setTimeout(function(){over=1;x.abort();fail(began)},35000);
x.open('POST',its('wait'),true);
x.setRequestHeader('Content-Type','application/x-www-form-urlencoded');
x.onreadystatechange=function(){
var r;
if(x.readyState!==4||over)return;
over=1;clearTimeout(dead);
try{r=x.status===200&&JSON.parse(x.responseText);r=r.state&&r}catch(e){}
if(!r&&x.status>399&&x.status<500&&x.status!==408&&x.status!==429)return setTimeout(again,3000);
if(!r)return fail(began);
clearTimeout(lost);lost=0;pause=500;
if(r.state==='go'){show('going');setTimeout(again,9000);return location.replace(r.url+location.hash)}
if(r.state==='reload')return again();
if(r.state==='opened')mode='opened';
seen=r.seen;show(mode);
setTimeout(poll,new Date-began<1000?1000:0)};
x.send('seen='+encodeURIComponent(seen))}
function fail(began){
lost=lost||setTimeout(function(){say('lost')},Math.max(0,15000-(new Date-began)));
pause=Math.min(10000,pause*2);setTimeout(poll,pause)}
try{d.getElementById('first').focus()}catch(e){}
try{poll()}catch(e){setTimeout(again,6000)}
})()`

/** For pages without anything to wait for: the one thing to press is focused at once. */
export const focusScript = `try{document.getElementById('first').focus()}catch(e){}`
