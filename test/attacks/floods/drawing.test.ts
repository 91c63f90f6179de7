import { expect, test, vi } from 'vitest'
import { qrPng } from '../../../src/pages/qr.ts'
import { useHouse } from '../../support/house.ts'
import { openOnTelevision } from '../../support/television.ts'

const packed = vi.hoisted(() => ({ times: 0, levels: new Set<number | undefined>() }))
vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof import('node:zlib')>()
  const deflateSync: typeof zlib.deflateSync = (data, options) => {
    packed.times++
    packed.levels.add(options?.level)
    return zlib.deflateSync(data, options)
  }
  return { ...zlib, deflateSync }
})

const house = useHouse()

test('D1: a page that a stranger asks for again and again draws no picture', async () => {
  const tv = await openOnTelevision(house)
  packed.times = 0
  for (let i = 0; i < 10; i++) expect((await tv.reload()).status).toBe(200)
  expect(packed.times).toBe(0)
})

test('D1: a picture is packed in the usual way: the hardest takes five times as long, and comes out no smaller', async () => {
  packed.levels.clear()
  const { png } = await qrPng('HTTPS://DOOR.HOME.EXAMPLE/D/BCDFGHJKLMNPQRST')
  expect([...packed.levels]).toEqual([undefined])
  expect(png.length).toBeLessThan(600)
})
