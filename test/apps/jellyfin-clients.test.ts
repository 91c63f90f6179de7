import { afterEach, describe, expect, test } from 'vitest'
import { approveWithKey } from '../support/jellyfin/administrator.ts'
import { useTabs } from '../support/jellyfin/api-client.ts'
import { find, kept, quickConnect } from '../support/jellyfin/connect.ts'
import { furnish, idOf, password } from '../support/jellyfin/house.ts'
import { createSdk, sdkDevice } from '../support/jellyfin/sdk.ts'
import type { Version } from '../support/jellyfin/server/version.ts'
import { type Jellyfin, startJellyfin } from '../support/jellyfin/server.ts'

// Jellyfin's own client code against the stand-in, without a gateway: what they agree on is what a bridge may rely on.

let jellyfin: Jellyfin
afterEach(() => jellyfin.close())
const openTab = useTabs()

async function start(version: Version): Promise<Jellyfin> {
  jellyfin = await startJellyfin({ version })
  furnish(jellyfin)
  return jellyfin
}

describe('the web client’s library', () => {
  test.each<Version>(['10.9', '10.10', '10.11'])(
    'signs in at %s by Quick Connect, and opens its socket',
    async (version) => {
      const { origin } = await start(version)
      const tab = openTab(jellyfin.origin)
      const found = await find(tab, origin)
      expect([found.State, found.SystemInfo.Version.startsWith(version)]).toEqual(['ServerSignIn', true])
      const token = await quickConnect(found, (code) => approveWithKey(jellyfin, code, 'Robin'))
      await found.socketOpen()
      expect(jellyfin.sockets.openFor(token)).toBe(1)
      expect(await found.ApiClient.getCurrentUser()).toMatchObject({ Name: 'Robin' })
      expect(kept(tab)).toMatchObject({ AccessToken: token, UserId: idOf(jellyfin, 'Robin'), ManualAddress: origin })
    },
  )

  test('cannot begin Quick Connect at 12.0, nor keep a sign-in there', async () => {
    const { origin } = await start('12.0')
    const found = await find(openTab(jellyfin.origin), origin)
    await expect(found.ApiClient.getQuickConnect('Initiate')).rejects.toMatchObject({ status: 405 })
    const tab = openTab(jellyfin.origin)
    const byName = await find(tab, origin)
    await byName.ApiClient.authenticateUserByName('Robin', password)
    // It checks what it has kept by a header that 12.0 does not read.
    const again = await find(tab, origin, kept(tab))
    expect(again.State).toBe('ServerSignIn')
  })

  test('signs in by name, comes back with what it kept, and signs out', async () => {
    const { origin } = await start('10.11')
    const tab = openTab(jellyfin.origin)
    const first = await find(tab, origin)
    expect(await first.ApiClient.getPublicUsers()).toMatchObject([{ Name: 'Robin' }])
    await expect(first.ApiClient.authenticateUserByName('Robin', 'wrong')).rejects.toMatchObject({ status: 401 })
    const { AccessToken } = await first.ApiClient.authenticateUserByName('robin', password)
    const again = await find(tab, origin, kept(tab))
    expect(again.State).toBe('SignedIn')
    await again.signOut()
    expect(jellyfin.state.devices.find(AccessToken)).toBeUndefined()
    expect(jellyfin.asked.filter(({ target }) => target === '/Sessions/Logout')).toHaveLength(1)
  })

  test('what a bridge writes is enough: id, address, token and user', async () => {
    const { origin, state } = await start('10.11')
    const robin = state.users.named('Robin')
    if (robin === undefined) throw new Error('no Robin')
    const device = state.devices.signIn(robin, {
      client: 'Jellyfin Web',
      device: 'TV',
      deviceId: 'tab-1',
      version: '1',
    })
    if (typeof device === 'string') throw new Error(device)
    const saved = { Id: state.serverId, ManualAddress: origin, AccessToken: device.token, UserId: robin.id }
    const tab = openTab(jellyfin.origin)
    tab.storage.set('jellyfin_credentials', JSON.stringify({ Servers: [saved] }))
    const found = await find(tab, origin, saved)
    expect(found.State).toBe('SignedIn')
    expect(await found.ApiClient.getCurrentUser()).toMatchObject({ Name: 'Robin' })

    const other = await find(openTab(jellyfin.origin), origin, { ...saved, Id: 'f'.repeat(32) })
    expect(other.State).toBe('Unavailable')
    state.devices.end(() => true)
    expect((await find(openTab(jellyfin.origin), origin, saved)).State).toBe('ServerSignIn')
  })
})

describe('the SDK', () => {
  test.each<['10.11' | '12.0', Version]>([
    ['10.11', '10.9'],
    ['10.11', '10.11'],
    ['12.0', '10.11'],
    ['12.0', '12.0'],
  ])('for %s signs in at %s by Quick Connect and by name', async (sdk, version) => {
    const { origin } = await start(version)
    const client = await createSdk(sdk, origin)
    expect((await client.publicInfo()).data.Id).toBe(jellyfin.state.serverId)
    expect((await client.enabled()).data).toBe(true)
    const begun = await client.begin()
    // It sends an empty token along, which is none.
    expect(begun.data).toMatchObject({ DeviceName: sdkDevice.device, AppName: sdkDevice.client })
    await approveWithKey(jellyfin, begun.data.Code, 'Robin')
    expect((await client.look(begun.data.Secret)).data.Authenticated).toBe(true)
    const redeemed = await client.redeem(begun.data.Secret)
    expect([redeemed.data.User.Name, client.token()]).toEqual(['Robin', redeemed.data.AccessToken])
    expect((await client.me()).data.Name).toBe('Robin')
    await client.signOut()
    expect([client.token(), (await client.me()).status]).toEqual(['', 401])
    expect((await client.byName('Kim', password)).status).toBe(200)
  })

  test('with a key lists users and approves for one of them', async () => {
    const { origin, state } = await start('12.0')
    const client = await createSdk('12.0', origin)
    const { data } = await client.begin()
    client.useToken(state.devices.keys()[0]?.token ?? '')
    const robin = (await client.users()).data.find(({ Name }) => Name === 'Robin')
    expect((await client.approve(data.Code)).status).toBe(400)
    expect((await client.approve(data.Code, robin?.Id)).data).toBe(true)
  })

  test('opens its socket at 12.0, closes it with the sign-out, and tries again when it is cut', async () => {
    const { origin, state, sockets } = await start('12.0')
    const client = await createSdk('12.0', origin)
    await client.byName('Robin', password)
    const token = client.token()
    const heard = Promise.withResolvers<unknown>()
    const callOff = client.hear('SyncPlayGroupUpdate', ({ Data }) => heard.resolve(Data))
    await expect.poll(() => sockets.openFor(token)).toBe(1)
    state.tell(token, { MessageType: 'SyncPlayGroupUpdate', Data: { GroupName: 'Us' } })
    expect(await heard.promise).toEqual({ GroupName: 'Us' })
    sockets.cut(token)
    await expect.poll(() => sockets.openFor(token)).toBe(0)
    await expect.poll(() => sockets.openFor(token), { timeout: 5000 }).toBe(1)
    await client.signOut()
    await expect.poll(() => sockets.openFor(token)).toBe(0)
    callOff()
  })
})
