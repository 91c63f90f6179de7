import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, startHouse } from '../support/house.ts'
import { createPhone, pressNo, pressYes, scan } from '../support/phone.ts'
import { decodeQr } from '../support/qr-decode.ts'
import { openOnTelevision } from '../support/television.ts'

describe('a television is let in by phone', () => {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  let house: House

  beforeAll(async () => {
    house = await startHouse({ dir })
  })
  afterAll(async () => {
    await house.close()
    rmSync(dir, { recursive: true, force: true })
  })

  test('opens an app, is scanned, is approved, and stands on the page it first asked for', async () => {
    const tv = await openOnTelevision(house, decodeQr)
    expect(tv.link).toMatch(new RegExp(`^${house.door}/d/[A-Z2-7]{16}$`))
    const phone = createPhone()
    const page = await scan(phone, tv.link)
    expect(page.html).toContain(tv.userCode)
    expect(page.html).toContain('LG TV')
    const done = await pressYes(phone, page)
    expect(done.status).toBe(200)
    expect(await tv.wait()).toMatchObject({ state: 'go' })
    const collected = await tv.collect()
    expect(collected.status).toBe(303)
    expect(collected.headers.get('location')).toBe('/films/42?t=90')
    const film = await tv.browser.go(`${house.cinema}/films/42?t=90`)
    expect(film.status).toBe(200)
    expect(await film.text()).toContain('/films/42?t=90')
    await tv.browser.close()
    await phone.close()
  })

  test('a no on the phone is said on the screen, and a press there begins anew', async () => {
    const tv = await openOnTelevision(house, decodeQr)
    const phone = createPhone()
    const page = await scan(phone, tv.link)
    expect((await pressNo(phone, page)).status).toBe(200)
    expect(await tv.wait()).toMatchObject({ state: 'reload' })
    const denied = await tv.reload()
    expect(denied.status).toBe(200)
    expect(await tv.collect().then((answer) => answer.headers.get('set-cookie'))).toBeNull()
    await tv.browser.close()
    await phone.close()
  })
})
