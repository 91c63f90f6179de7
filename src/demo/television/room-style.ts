/** An evening in a living room: wall, lamp light, television on a sideboard, phone and remote control beside it. */
export const roomStyle = `
*{box-sizing:border-box}
html{background:#171426}
body{margin:0;min-height:100vh;color:#f4f1ea;font:16px/1.45 -apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
background:radial-gradient(60rem 40rem at 88% 8%,#59432f 0,rgba(89,67,47,0) 70%),linear-gradient(#2a2440,#1d1a31);
display:flex;flex-direction:column}
a{color:inherit}
header{padding:18px 28px;color:#cfc8dc}
.mark{vertical-align:-.45em;margin-right:.6em;color:#ffc266}
main{flex:1;display:flex;gap:clamp(20px,3vw,56px);align-items:flex-end;justify-content:center;padding:0 28px;position:relative}
.set{flex:0 1 calc((100vh - 300px)*16/9 + 24px);min-width:0;position:relative}
.bezel{background:#08080c;border-radius:12px;padding:10px 10px 18px;box-shadow:0 30px 70px rgba(0,0,0,.55),0 0 0 1px #2d2a3b inset;position:relative}
.glass{position:relative;aspect-ratio:16/9;overflow:hidden;background:#000;border-radius:3px}
.glass iframe{position:absolute;left:0;top:0;width:100%;height:100%;border:0;transform-origin:0 0;background:#0d1220}
.glass.off iframe{visibility:hidden}
.glass.off:after{content:"";position:absolute;left:42%;right:42%;top:50%;height:2px;background:#cfd6ee;border-radius:2px;opacity:.8}
.light{position:absolute;bottom:7px;left:50%;width:22px;height:3px;margin-left:-11px;border-radius:2px;background:#ffc266}
.stand{width:26%;height:26px;margin:0 auto;background:linear-gradient(#3a374a,#211e2e);clip-path:polygon(30% 0,70% 0,78% 78%,100% 100%,0 100%,22% 78%)}
.board{height:20px;background:linear-gradient(#8a684b,#5d4330);box-shadow:0 14px 30px rgba(0,0,0,.55)}
.table{display:flex;gap:24px;align-items:flex-end;flex:none}
.phone{width:236px;height:430px;background:#10131f;border:8px solid #05060a;border-radius:36px;padding:16px 16px 18px;display:flex;flex-direction:column;
box-shadow:0 22px 50px rgba(0,0,0,.55),0 0 0 1px #3a3850}
.ear{width:64px;height:6px;border-radius:3px;background:#2a2e42;margin:0 auto 18px}
.finder{flex:1;position:relative;margin:0 14px 18px;display:flex;align-items:center;justify-content:center}
.finder i{position:absolute;width:26px;height:26px;border:3px solid #ffc266}
.finder i:nth-child(1){left:0;top:0;border-right:0;border-bottom:0;border-radius:9px 0 0 0}
.finder i:nth-child(2){right:0;top:0;border-left:0;border-bottom:0;border-radius:0 9px 0 0}
.finder i:nth-child(3){left:0;bottom:0;border-right:0;border-top:0;border-radius:0 0 0 9px}
.finder i:nth-child(4){right:0;bottom:0;border-left:0;border-top:0;border-radius:0 0 9px 0}
.scan,.mine{display:block;text-align:center;text-decoration:none;border-radius:16px}
.scan{background:#ffc266;color:#14182a;font-weight:650;line-height:1.25;padding:14px 10px}
.mine{padding:12px 10px 2px;color:#cfd4e4;font-size:.94rem}
a:focus-visible{outline:3px solid #fff;outline-offset:3px}
.scan:hover{background:#ffd08a}.mine:hover{color:#fff}
.remote{width:66px;height:250px;border-radius:33px;background:linear-gradient(#1b1926,#0f0e16);box-shadow:0 16px 34px rgba(0,0,0,.5),0 0 0 1px #34314a;
display:flex;flex-direction:column;align-items:center;padding:14px 0;gap:22px}
.power,.home{width:44px;height:44px;border-radius:22px;display:flex;align-items:center;justify-content:center;background:#2a2738;color:#f4f1ea}
.power{color:#ff8f7a}.power:hover,.home:hover{background:#3a3650}
.ring{width:48px;height:48px;border-radius:24px;border:10px solid #2a2738}
.ring i{display:block;width:28px;height:28px;border-radius:14px;background:#201d2c}
footer{padding:30px 28px 24px;background:#15121f;color:#e4dfec}
footer ol,footer p{max-width:1440px;margin-left:auto;margin-right:auto}
ol{list-style:none;counter-reset:step;display:flex;gap:14px 36px;margin-top:0;margin-bottom:12px;padding:0}
li{flex:1;counter-increment:step;position:relative;padding-left:42px}
li:before{content:counter(step);position:absolute;left:0;top:-2px;width:28px;height:28px;line-height:28px;border-radius:14px;text-align:center;
font-weight:700;background:#3a3552;color:#ffc266}
footer p{padding-left:42px;margin-top:0;margin-bottom:0;color:#b9b2c8;font-size:.94rem}
@media (max-width:1000px){main{flex-direction:column;align-items:center;gap:28px}.set{flex:none;width:100%;max-width:860px}
ol{flex-direction:column}.phone{height:370px}.remote{height:230px;gap:18px}}
@media (max-width:420px){header,footer,main{padding-left:14px;padding-right:14px}.table{gap:14px}.phone{width:210px}}`
