import { afterAll, expect, test } from 'vitest'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { createPerson } from '../support/person.ts'
import { sendRaw } from '../support/raw.ts'
import { LG_TV } from '../support/television.ts'
import { startTraffic } from '../support/traffic-harness.ts'

const house = useHouse()
const gate = startTraffic()
afterAll(async () => (await gate).close())

/** What people read beside the mark, the heading, and where the first button leads. */
async function readMessage(answer: Response) {
  const html = await answer.text()
  return {
    place: /<\/svg>([^<]*)<\/div>/.exec(html)?.[1],
    heading: /<h1>(.*?)<\/h1>/s.exec(html)?.[1]?.replace(/<[^>]*>/g, ''),
    leadsTo: /class="press first" href="([^"]*)"/.exec(html)?.[1],
  }
}

test('a message at the door names the door, one on the host of an app names the place; both lead on', async () => {
  const anybody = createPerson({ 'user-agent': LG_TV })
  const door = new URL(house.door).host
  for (const path of ['/nothing', '/d/AAAAAAAAAAAAAAAA']) {
    expect(await readMessage(await anybody.go(house.door + path))).toMatchObject({ place: door, leadsTo: '/me' })
  }
  const lost = await readMessage(await anybody.go(`${house.cinema}/.entryphone/auth/nothing`))
  expect(lost).toMatchObject({ place: 'Home', leadsTo: '/' })
  const moment = await anybody.go(`${house.cinema}/films/2`)
  expect(await readMessage(moment)).toMatchObject({ place: 'Home', heading: 'One moment' })
})

test('whoever knocks at a host that is none of ours learns no name', async () => {
  const answer = await sendRaw(
    house.port,
    'GET / HTTP/1.1\r\nHost: other.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n',
  )
  expect([answer.status, answer.body.includes('Nobody lives here')]).toEqual([421, true])
  expect(answer.body).not.toContain('Home')
})

test('the link of a screen that is in says so, and signing out names the app', async () => {
  const { tv, phone } = await letTelevisionIn(house)
  expect((await readMessage(await phone.go(tv.link))).heading).toBe('This screen is in already')
  const out = await tv.browser.go(`${house.cinema}/.entryphone/auth/sign-out`, {})
  expect((await readMessage(out)).heading).toBe('Signed out of Cinema')
})

test('an app that does not answer can be asked again from its page', async () => {
  const { port, recorder, signedIn } = await gate
  recorder.answer = (_request, socket) => void socket.destroy()
  const page = await sendRaw(port, signedIn('GET /films?page=2', 'Sec-Fetch-Mode: navigate'))
  expect(page.body).toContain('message upstream-down /films?page=2')
  const sent = await sendRaw(port, signedIn('POST /films', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Site: same-origin'))
  expect(sent.body.trim()).toBe('<p>message upstream-down /')
})
