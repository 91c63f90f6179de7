import { expect, test } from 'vitest'
import { createWaiting } from '../../../src/recipes/jellyfin/knocks.ts'
import { nativeDevice } from '../../../src/recipes/jellyfin/native-device.ts'
import { createKeyring } from '../../../src/store/keyring.ts'
import { createMemoryStore } from '../../../src/store/memory.ts'
import { createRecords } from '../../../src/store/records.ts'
import { createFakeClock } from '../../support/clock.ts'

const clock = createFakeClock()
const keyring = createKeyring(new Map([[1, Buffer.alloc(32, 1)]]))
const home = { address: '192.168.7.20', certain: true }

/** The knocks of one gateway on a store that it may share. */
function gateway(store = createMemoryStore(clock)) {
  const drawer = <T>(name: string) => createRecords<T>(store, keyring, name)
  const waiting = createWaiting({
    app: 'jellyfin',
    clock,
    keyring,
    codes: drawer('knock'),
    networks: drawer('near'),
    refused: drawer('refused'),
  })
  return { store, waiting }
}

const begun = (code: string) => ({ code, secret: `secret of ${code}`, deviceId: 'd', device: 'TV', client: 'Kodi' })

test('what one gateway has seen, each of them lists and finds, and none keeps in plain', async () => {
  const one = gateway()
  const other = gateway(one.store)
  await Promise.all([one.waiting.note(begun('111111'), home), other.waiting.note(begun('222222'), home)])
  for (const { waiting } of [one, other]) {
    expect((await waiting.near(home)).map(({ code }) => code).sort()).toEqual([])
    expect((await waiting.near({ ...home, address: '192.168.7.9' })).map(({ code }) => code).sort()).toEqual([
      '111111',
      '222222',
    ])
    expect((await waiting.find('222222'))?.secret).toBe('secret of 222222')
  }
  const waits = await other.waiting.find('111111')
  if (waits !== undefined) await other.waiting.forget(waits)
  expect(await one.waiting.find('111111')).toBeUndefined()
})

test('digits that come again belong to the last device that showed them', async () => {
  const { waiting } = gateway()
  await waiting.note(begun('333333'), home)
  const before = await waiting.find('333333')
  await clock.advance(1000)
  await waiting.note({ ...begun('333333'), device: 'Another' }, { ...home, address: '192.168.9.1' })
  expect((await waiting.find('333333'))?.device).toBe('Another')
  if (before !== undefined) await waiting.forget(before)
  expect((await waiting.find('333333'))?.device).toBe('Another')
})

test('behind an address that hides everybody, strangers do not push the family out', async () => {
  const { waiting } = gateway()
  const hidden = { address: '172.17.0.1', certain: false }
  await waiting.note(begun('444444'), hidden)
  for (let n = 0; n < 50; n++) await waiting.note(begun(String(500_000 + n)), hidden)
  expect(await waiting.find('444444')).toBeDefined()
  expect(await waiting.near(hidden)).toEqual([])
})

test.each([
  ['Jellyfin Android TV', 'Wohnzimmer TV (Fire TV)', 'Wohnzimmer TV (Fire TV)', 'tv'],
  ['Jellyfin Roku', 'Living room (Roku Ultra)', 'Living room (Roku Ultra)', 'tv'],
  ['Jellyfin tvOS', 'Robin’s Apple TV', 'Robin’s Apple TV', 'tv'],
  ['Kodi', 'libreelec', 'libreelec', 'tv'],
  ['Findroid', 'Pixel 9', 'Pixel 9', 'phone'],
  ['Streamyfin', '', 'Streamyfin', 'app'],
  ['', '\u202eevil\u0000\n name', 'evil name', 'app'],
  ['x', `${'😀'.repeat(40)}`, '😀'.repeat(32), 'app'],
])('%j on %j stands in lists as %j, a %s', (client, device, name, kind) => {
  expect(nativeDevice({ client, device })).toEqual({ name, kind, brand: '' })
})
