import { askScript } from './ask-script.ts'

/**
 * While somebody looks, asks every five seconds, for ten minutes, whether other native apps want to be let in by now, and
 * shows the page again when they do; not while a question is open on it.
 */
export const watchScript = `${askScript};(function(){
var at=document.getElementById('near'),left=120;
function again(){setTimeout(look,5000)}
function look(){
if(document.hidden||document.querySelector('details[open]'))return again();
if(!left--)return;
var ask=new XMLHttpRequest();
ask.open('GET',at.getAttribute('data-watch'));
ask.onreadystatechange=function(){if(ask.readyState!==4)return;var said;
try{said=JSON.parse(ask.responseText)}catch(e){}
if(ask.status===200&&said&&said.seen!==at.getAttribute('data-seen'))return location.reload();
again()};
ask.send()}
again()
})()`
