/**
 * Against drag and double-click tricks: a press in the first half second after the page was shown, or came back into
 * view, does nothing; neither does a second press on the way. Also tells the phone's time zone, for "until a date".
 */
export const approveScript = `(function(){
var f=document.getElementById('ask'),shown,sent;
function look(){shown=+new Date;sent=0}
look();
window.addEventListener('pageshow',look);
window.addEventListener('focus',look);
document.addEventListener('visibilitychange',look);
f.addEventListener('submit',function(e){if(sent||new Date-shown<500)e.preventDefault();else sent=1});
try{f.elements.zone.value=Intl.DateTimeFormat().resolvedOptions().timeZone||''}catch(e){}
})()`
