import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AS_IT_IS, ENTER, PROVE, PROVED, SIGN_OUT, THRESHOLD } from '../../../src/threshold/paths.ts'
import { useHouse } from '../../support/house.ts'
import { sendRaw } from '../../support/raw.ts'

const house = useHouse()
const AUTH = THRESHOLD
const SOMEBODY = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Asks without a cookie, as a browser that opens an address or sends our own form. */
function ask(place: 'door' | 'cinema', line: string) {
  const head = [`${line} HTTP/1.1`, `Host: ${new URL(house[place]).host}`, 'Connection: close', 'Accept: text/html']
  const form = line.startsWith('POST')
    ? [`Origin: ${house[place]}`, 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 3', '', 'a=b']
    : ['', '']
  return sendRaw(house.port, [...head, ...form].join('\r\n'))
}

/** Every address of ours, and the status that somebody gets there who has nothing: no list, no secret, no session. */
const inventory: Record<'door' | 'cinema', Record<string, number>> = {
  door: {
    'GET /health': 200,
    // To the provider, or to an address that leads there.
    'GET /': 303,
    'GET /me': 303,
    'GET /d': 303,
    'GET /d/': 303,
    'GET /D': 303,
    'GET /D/': 303,
    'GET /d/:id': 404,
    'GET /D/:id': 404,
    'POST /d': 400,
    'POST /d/:id': 400,
    'POST /d/:id/other-account': 403,
    'GET /knock': 400,
    'POST /knock': 400,
    'GET /me/knocks': 204,
    'GET /me/apps/:app': 303,
    'POST /me/apps/:app/password': 403,
    'POST /me/apps/:app/code': 403,
    'GET /me/apps/:app/code': 303,
    'GET /me/apps/:app/confirm': 303,
    'POST /me/apps/:app/confirm': 403,
    'POST /me/apps/:app/make': 403,
    'POST /me/apps/:app/unlink': 403,
    'POST /me/apps/:app/callers': 403,
    'POST /me/revoke': 403,
    'POST /me/revoke-all': 403,
    'POST /me/sign-out': 403,
    'GET /sign-in': 400,
    'GET /callback': 400,
  },
  cinema: {
    // The beginning of a sign-in.
    [`GET ${AUTH}/start`]: 303,
    [`GET ${AUTH}/choose`]: 200,
    [`POST ${AUTH}/way/phone`]: 303,
    [`POST ${AUTH}/way/here`]: 303,
    // A login that another browser began, if anybody.
    [`GET ${AUTH}/:login/`]: 403,
    [`GET ${AUTH}/:login/qr-:tag.png`]: 404,
    [`POST ${AUTH}/:login/wait`]: 200,
    [`POST ${AUTH}/:login/again`]: 303,
    [`GET ${AUTH}/:login/collect`]: 303,
    [`GET ${AUTH}/ticket`]: 403,
    [`POST ${AUTH}/way/back`]: 303,
    // Of nobody's session.
    [`GET ${ENTER}`]: 303,
    [`POST ${ENTER}`]: 401,
    [`POST ${AS_IT_IS}`]: 303,
    [`GET ${AUTH}/confirm`]: 303,
    [`GET ${AUTH}/confirm/yes`]: 303,
    [`GET ${PROVE}`]: 303,
    [`GET ${PROVED}`]: 303,
    [`GET ${SIGN_OUT}`]: 303,
    [`POST ${SIGN_OUT}`]: 200,
  },
}

/** The addresses that the source registers, as the table above spells them. */
function registered(folder: string): string[] {
  const named: Record<string, string> = { AS_IT_IS, ENTER, PROVE, PROVED, SIGN_OUT }
  const source = readFileSync(join(import.meta.dirname, `../../../src/${folder}/routes.ts`), 'utf8')
  return [...source.matchAll(/server\.(get|post)\((?:['`](.+?)['`]|(\w+)),/g)].flatMap(
    ([, method = '', path, name]) => {
      const whole = (path ?? named[name ?? ''] ?? name ?? '').replace(/\$\{LOGIN\}/, `${AUTH}/:login`)
      const spelled = whole.replace(/\$\{THRESHOLD\}/, AUTH)
      const cases = ['d', 'D'].map((d) => spelled.replace(/\$\{d\}/, d)).filter((one, i, all) => all.indexOf(one) === i)
      return cases.map((one) => `${method.toUpperCase()} ${one}`)
    },
  )
}

test('B6: the addresses that are ours are these, and without a cookie they give nothing away', async () => {
  for (const [place, folder] of [
    ['door', 'door'],
    ['cinema', 'threshold'],
  ] as const) {
    expect(registered(folder).sort()).toEqual(Object.keys(inventory[place]).sort())
    for (const [line, status] of Object.entries(inventory[place])) {
      const asked = line.replace(':login', SOMEBODY).replace(/:\w+/, SOMEBODY)
      const answer = await ask(place, asked)
      expect([line, answer.status]).toEqual([line, status])
      expect(answer.bytes).not.toMatch(/__Host-entryphone=|session=|Robin|client_secret|a secret of the tests/)
      expect(answer.all('cache-control')).toEqual(['no-store'])
    }
  }
})

test('B6: nothing else is there: no metrics, no debugging, no sources, no files', async () => {
  const guesses = [
    ...['/metrics', '/debug', '/debug/pprof/', '/debug/vars', '/status', '/healthz', '/ready', '/info', '/stats'],
    ...['/.env', '/.git/config', '/.git/HEAD', '/package.json', '/entryphone.yaml', '/data/entryphone.db', '/data/key'],
    ...[
      '/src/main.ts',
      '/main.ts',
      '/app.js.map',
      '/index.js',
      '/node_modules/fastify/package.json',
      '/docs',
      '/swagger',
    ],
    ...['/admin', '/api', '/graphql', '/actuator', '/server-status', '/console', '/trace', '/documentation/json'],
    ...['/jwks', '/.well-known/openid-configuration', '/.well-known/jwks.json', '/oauth/token', '/token', '/device'],
    ...['/me/list', '/me/revoke', '/sessions', '/logins', '/d/AAAA/approve', '/callback/', '/me/', '/ME', '/health/'],
    ...['/.entryphone/', '/.entryphone/auth', `${AUTH}/`, `${AUTH}/me`, `${AUTH}/metrics`, '/.entryphone/health'],
    ...[`${AUTH}/start/`, `${AUTH}/${SOMEBODY}/approve`, `${AUTH}/${SOMEBODY}/`.toUpperCase()],
  ]
  for (const path of guesses) {
    for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
      const line = `${method} ${path}`
      const [door, app] = [(await ask('door', line)).status, (await ask('cinema', line)).status]
      const isRevoke = line === 'POST /me/revoke'
      expect([line, door, (isRevoke ? [403] : [400, 404]).includes(door)]).toEqual([line, door, true])
      const atApp = path.startsWith('/.entryphone/') ? [404] : [400, 401, 403]
      expect([line, app, atApp.includes(app)]).toEqual([line, app, true])
    }
  }
})
