import { describe, expect, test } from 'vitest'
import { usableName } from '../../../src/recipes/jellyfin/people.ts'
import { routeOf } from '../../../src/recipes/jellyfin/route.ts'
import { readSaid, sayDevice } from '../../../src/recipes/jellyfin/says.ts'
import { isTokenLike, tokenIn } from '../../../src/recipes/jellyfin/token-places.ts'

const token = 'a'.repeat(32)
const other = 'b'.repeat(32)

function brought(fields: Record<string, string>, text = '/Users/Me'): string | undefined {
  const [path = ''] = text.split('?')
  return tokenIn({ fields: Object.entries(fields).flat(), target: { text, path, reserved: false } })
}

describe('where a token stands', () => {
  test.each([
    [{ Authorization: `MediaBrowser Client="x", Token="${token}"` }],
    [{ authorization: `MediaBrowser Version=1.3, Token=${token}, DeviceId=a` }],
    [{ authorization: `Emby UserId=1, token = "${token}"` }],
    [{ 'X-Emby-Authorization': `MediaBrowser Token="${token}"` }],
    // As Jellyfin takes quotes off: all of them, at both ends, closed or not (AuthorizationContext.cs).
    [{ authorization: `MediaBrowser Token="${token}` }],
    [{ authorization: `MediaBrowser Token=${token}"` }],
    [{ authorization: `MediaBrowser Token=""${token}""` }],
    [{ authorization: `MediaBrowser Device="a", Token=""${token}"", Version="1"` }],
    [{ 'X-EMBY-TOKEN': token }],
    [{ 'X-MediaBrowser-Token': ` ${token} ` }],
  ])('%o', (fields) => {
    expect(brought(fields)).toBe(token)
  })

  test.each(['ApiKey', 'api_key', 'APIKEY', 'apikey', 'Api_Key', '%61pi_key', 'api%5fkey'])('?%s=', (name) => {
    expect(brought({}, `/socket?a=1&${name}=${token}&deviceId=x`)).toBe(token)
  })

  test('an empty one is none, and neither is a cookie or a word that looks like it', () => {
    expect(brought({ authorization: 'MediaBrowser Token="", Device="a"' }, '/x?api_key=')).toBeUndefined()
    expect(brought({ cookie: `api_key=${token}`, 'x-token': token, authorization: 'Basic abc' })).toBeUndefined()
    expect(brought({}, `/x?xapi_key=${token}&api_keys=${token}`)).toBeUndefined()
  })

  test('the same one twice is one, and two are none that counts', () => {
    const both = { authorization: `MediaBrowser Token="${token}"`, 'x-emby-token': token }
    expect(brought(both, `/x?ApiKey=${token}`)).toBe(token)
    for (const two of [
      brought({ ...both, 'x-emby-token': other }),
      brought({ authorization: `MediaBrowser Token="${token}"` }, `/x?api_key=${other}`),
      brought({}, `/x?api_key=${token}&ApiKey=${other}`),
      brought({ authorization: `MediaBrowser Token="${token}", Token="${other}"` }),
      brought({ authorization: `MediaBrowser Device="Token=${other}", Token="${token}"` }),
    ])
      expect(isTokenLike(two ?? '')).toBe(false)
  })
})

test('a route is one in every spelling that Jellyfin understands, and in no other', () => {
  for (const path of [
    '/System/Info/Public',
    '/system/info/public/',
    '/SYSTEM/INFO/PUBLIC',
    '/emby/System/Info/Public',
    '/MediaBrowser/system/info/public',
    '/%53ystem/Info/Publi%63',
  ])
    expect([path, routeOf(path)]).toEqual([path, '/system/info/public'])
  for (const path of [
    '/System%2fInfo%2fPublic',
    '/embySystem/Info/Public',
    '/emby/emby/System/Info/Public',
    '/web/System/Info/Public',
  ])
    expect([path, routeOf(path)]).not.toEqual([path, '/system/info/public'])
  expect([routeOf('/'), routeOf('/web/'), routeOf('/emby/')]).toEqual(['/', '/web', '/emby'])
})

describe('what a client says of itself', () => {
  test('is read in quotes or without, encoded or not', () => {
    const said = (authorization: string) =>
      readSaid(['Authorization', Buffer.from(authorization, 'utf8').toString('latin1')])
    expect(said('MediaBrowser Client="A%20TV", Device="K%C3%BCche, links", DeviceId="1", Version="2"')).toEqual({
      client: 'A TV',
      device: 'Küche, links',
      deviceId: '1',
    })
    expect(said('MediaBrowser Token=, DeviceId=tv-1, Client=Jellyfin tvOS, Device=Robin’s Apple TV')).toEqual({
      client: 'Jellyfin tvOS',
      device: 'Robin’s Apple TV',
      deviceId: 'tv-1',
    })
    expect(said('Basic abc')).toEqual({ client: '', device: '', deviceId: '' })
  })

  test('fits its columns, and is never empty', () => {
    const said = readSaid(['authorization', sayDevice({ client: '', device: '😀'.repeat(60), deviceId: 'x"y,z' })])
    expect(said).toEqual({ client: 'unknown', device: '😀'.repeat(32), deviceId: 'x"y,z' })
  })
})

test.each([
  ['Robin', 'Robin'],
  ['  Anna-Lena  O’Neil ', 'Anna-Lena O Neil'],
  ['robin@home.example', 'robin@home.example'],
  ['Жанна', 'Жанна'],
  ['<b>"\u202e', 'b'],
  ['', 'Guest'],
  ['😀', 'Guest'],
  ['x'.repeat(200), 'x'.repeat(40)],
])('a new user for %j is called %j', (name, usable) => {
  expect(usableName(name)).toBe(usable)
})

test('a header that is made to be slow is read as quickly as any other', () => {
  const slow = [
    `MediaBrowser Token=x${' '.repeat(15_000)}y`,
    `MediaBrowser Token=${'"'.repeat(15_000)}x`,
    `MediaBrowser ${`token${' '.repeat(20)}`.repeat(600)}`,
    `MediaBrowser ${'token='.repeat(2_500)}`,
    `MediaBrowser ${'a'.repeat(15_000)}`,
    `MediaBrowser ${'a '.repeat(7_500)}`,
    `MediaBrowser ${'a="'.repeat(5_000)}`,
  ]
  for (const authorization of slow) {
    const began = performance.now()
    brought({ authorization })
    brought({}, `/x?${`api_key=${encodeURIComponent(authorization)}&`.repeat(2)}`)
    readSaid(['authorization', authorization])
    expect([authorization.slice(0, 30), performance.now() - began < 100]).toEqual([authorization.slice(0, 30), true])
  }
})
