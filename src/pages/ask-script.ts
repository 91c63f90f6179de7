/**
 * Against drag and double-click tricks: a press on what lets something in does nothing in the first half second after
 * the page was shown, or came back into view; neither does a second press on the way. Also tells the phone's time zone
 * where it is asked for.
 */
export const askScript = `(function(){
var all=document.querySelectorAll('form.ask'),shown,sent,i;
function look(){shown=+new Date;sent=0}
function judge(e){if(sent||new Date-shown<500)e.preventDefault();else sent=1}
look();
window.addEventListener('pageshow',look);
window.addEventListener('focus',look);
document.addEventListener('visibilitychange',look);
for(i=0;i<all.length;i++){all[i].addEventListener('submit',judge);
try{all[i].elements.zone.value=Intl.DateTimeFormat().resolvedOptions().timeZone||''}catch(e){}}
})()`
