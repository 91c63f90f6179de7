import { type DemoPage, demoPage, escapeHtml, mark } from '../look.ts'
import { roomStyle } from './room-style.ts'

/** The picture that a newcomer looks at: a television, its remote control, a phone, and what to do. */
export function livingRoomPage(view: {
  screenOrigin: string
  firstPage: string
  appOrigin: string
  myScreens: string
}): DemoPage {
  const first = escapeHtml(view.screenOrigin + view.firstPage)
  const body = `<header>${mark}Entryphone, a demo on this computer</header>
<main><section class="set" aria-label="The television">
<div class="bezel"><div class="glass" id="glass"><iframe id="screen" name="screen" src="${first}" title="What the television shows"></iframe></div>
<span class="light" aria-hidden="true"></span></div><div class="stand" aria-hidden="true"></div>
</section><section class="table">
<div class="phone" aria-label="Your phone"><div class="ear" aria-hidden="true"></div>
<div class="finder" aria-hidden="true"><i></i><i></i><i></i><i></i><span>${tinyTelevision}</span></div>
<a class="scan" id="scan" href="/camera" target="entryphone-phone">Scan the code with this phone</a>
<a class="mine" id="mine" href="${escapeHtml(view.myScreens)}" target="entryphone-phone">My screens</a></div>
<div class="remote" aria-label="Remote control">
<a class="power" id="power" href="/" title="Off and on again" aria-label="Switch the television off and on">${powerSign}</a>
<div class="ring" aria-hidden="true"><i></i></div>
<a class="home" id="home" href="${escapeHtml(view.screenOrigin)}/" target="screen" title="Home" aria-label="The app's first page">${homeSign}</a></div>
</section></main><div class="board" aria-hidden="true"></div>
<footer><ol><li>The television opens a film and shows a code. Nobody pressed a key.</li>
<li>Press <b>Scan the code with this phone</b>. Sign in there as Robin, and let it in.</li>
<li>Look at the television: it is on the page that it asked for. <b>My screens</b> signs it out again.</li></ol>
<p>This browser can open the app as well: <a href="${escapeHtml(view.appOrigin)}/" target="_blank">${escapeHtml(view.appOrigin)}</a></p></footer>`
  return demoPage({
    title: 'The television - Entryphone demo',
    style: roomStyle,
    body,
    script,
    frames: view.screenOrigin,
  })
}

const tinyTelevision =
  '<svg viewBox="0 0 74 56" width="74" height="56"><rect x="2" y="2" width="70" height="42" rx="6" fill="none" ' +
  'stroke="#f4f1ea" stroke-width="3"/><path d="M24 53h26M37 44v9" stroke="#f4f1ea" stroke-width="3" ' +
  'stroke-linecap="round"/><path d="M45 13h16v16H45zM49 17v8h8v-8z" fill="#ffc266" fill-rule="evenodd"/>' +
  '<path d="M11 15h22M11 22h16M11 29h19" stroke="#b4bcd0" stroke-width="2.6" stroke-linecap="round"/></svg>'

const powerSign =
  '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M12 3v8M7 6.5a8 8 0 1 0 10 0" fill="none" ' +
  'stroke="currentColor" stroke-width="2.4" stroke-linecap="round"/></svg>'

const homeSign =
  '<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="M4 11l8-7 8 7v9h-6v-6h-4v6H4z" ' +
  'fill="currentColor"/></svg>'

/** Fits 1280 x 720 into the drawing, opens the phone as a small window, and works the remote control. */
const script = `(function () {
  var glass = document.getElementById('glass'), screen = document.getElementById('screen'), first = screen.src
  function fit() {
    screen.style.width = '1280px'
    screen.style.height = '720px'
    screen.style.transform = 'scale(' + glass.clientWidth / 1280 + ')'
  }
  addEventListener('resize', fit)
  fit()
  function onPhone(event) {
    if (window.open(this.href, 'entryphone-phone', 'popup,width=400,height=780')) event.preventDefault()
  }
  document.getElementById('scan').onclick = onPhone
  document.getElementById('mine').onclick = onPhone
  function switchTo(page) {
    return function (event) {
      event.preventDefault()
      glass.className = 'glass off'
      screen.src = 'about:blank'
      setTimeout(function () {
        glass.className = 'glass'
        screen.src = page
      }, 500)
    }
  }
  document.getElementById('power').onclick = switchTo(first)
  document.getElementById('home').onclick = switchTo(document.getElementById('home').href)
})()
`
