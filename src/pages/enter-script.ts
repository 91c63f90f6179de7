/**
 * Takes a browser into the app. The first page goes on whatever comes of it, if need be to the page that says what went
 * wrong; that one asks again every five seconds, for a quarter of an hour, where the person can put it right on their
 * phone. What can be pressed takes the fragment along. For engines without promises.
 */
export const enterScript = `(function(){
var at=document.getElementById('in'),post=its('post'),reads=its('reads').split(' '),again=its('again'),left=180,on=post.indexOf('?')<0?'?':'&',i,to;
function its(n){return at.getAttribute('data-'+n)||''}
function fail(why){if(why&&why!==again)location.replace(post+on+'failed='+why+location.hash);else if(left-->0)setTimeout(ask,5000)}
function ask(){
var body='',x=new XMLHttpRequest(),i,had;
for(i=0;i<reads.length;i++){had='';try{had=localStorage.getItem(reads[i])||''}catch(e){}
if(reads[i])body+=(body?'&':'')+encodeURIComponent(reads[i])+'='+encodeURIComponent(had.slice(0,2000))}
x.open('POST',post);x.setRequestHeader('Content-Type','application/x-www-form-urlencoded');
x.onreadystatechange=function(){if(x.readyState!==4)return;var said;
try{said=JSON.parse(x.responseText)}catch(e){}
if(x.status!==200||!said)return fail(again?'':'app-down');
if(said.failed)return fail(said.failed);
try{for(var key in said.write)localStorage.setItem(key,said.write[key])}catch(e){return fail('storage')}
location.replace(said.go+(said.leaves&&location.hash.indexOf(said.leaves)===0?'':location.hash))};
x.send(body)}
if(location.hash){to=at.getElementsByTagName('a');for(i=0;i<to.length;i++)to[i].href+=location.hash;
to=at.getElementsByTagName('form');for(i=0;i<to.length;i++)to[i].action+=location.hash}
try{document.getElementById('first').focus()}catch(e){}
if(!again)ask();else if(again==='not-linked'||again==='admin')fail('')
})()`
