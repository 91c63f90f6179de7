import { type DemoPage, demoPage, escapeHtml } from '../look.ts'
import { type Film, films } from './films.ts'
import { liveScript } from './live.ts'
import { cinemaStyle } from './style.ts'

/** The library. `target` is what was asked for: path and query, as received. */
export function libraryPage(target: string): DemoPage {
  return page('Library', `<h1>What shall it be?</h1>${shelf(films)}${asked(target)}`)
}

/** One film, at the second that `t` asks for. */
export function filmPage(target: string, film: Film, startSeconds: number): DemoPage {
  const play = startSeconds > 0 ? `Continue at ${clockTime(startSeconds)}` : 'Play'
  const others = films.filter((other) => other !== film)
  return page(
    film.title,
    `<div class="film"><div class="cover">${poster(film)}</div><div class="about">
<p class="soft">${film.kind} &middot; ${film.year} &middot; ${film.minutes} min</p><h1>${escapeHtml(film.title)}</h1>
<p class="story">${escapeHtml(film.story)}</p><p><a class="play" href="${escapeHtml(target)}">&#9654;&nbsp; ${play}</a></p>
${asked(target)}</div></div><h2>Next to it on the shelf</h2>${shelf(others)}`,
  )
}

/** No such film; still says what was asked for. */
export function noFilmPage(target: string): DemoPage {
  return page('Not here', `<h1>This film is out.</h1><p><a class="play" href="/">The library</a></p>${asked(target)}`)
}

function page(title: string, main: string): DemoPage {
  const body = `<div class="top"><span id="live" class="live">Live: not connected</span><a href="/" class="name">Demo cinema</a></div>
<div class="main">${main}</div>`
  return demoPage({ title: `${title} - Demo cinema`, style: cinemaStyle, body, script: liveScript, framed: true })
}

function asked(target: string): string {
  return `<div class="asked"><p>You asked for <b id="asked">${escapeHtml(target)}</b></p>
<p>You are <b>somebody who was let in</b></p></div>`
}

function shelf(list: readonly Film[]): string {
  const entries = list.map(
    (film) => `<a href="/films/${film.id}">${poster(film)}<span>${escapeHtml(film.title)}</span></a>`,
  )
  return `<div class="shelf">${entries.join('')}</div>`
}

function poster(film: Film): string {
  return `<svg viewBox="0 0 200 300" width="200" height="300" aria-hidden="true"><rect width="200" height="300" fill="${film.sky}"/>
${film.scene}<rect y="276" width="200" height="24" fill="${film.land}"/><rect x="16" y="286" width="60" height="4" fill="${film.light}"/></svg>`
}

/** 90 is "1:30", 3690 is "1:01:30". */
function clockTime(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  if (parts[0] === 0) parts.shift()
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
