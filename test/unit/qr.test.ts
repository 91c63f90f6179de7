import { crc32, inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { qrPng } from '../../src/pages/qr.ts'
import { decodeQr } from '../support/qr-decode.ts'

const link = (host: string): string => `HTTPS://${host}/D/BCDFGHJKLMNPQRST`.toUpperCase()

/** The pixels of a one-bit greyscale PNG as rows of booleans, true for white; checks its frame on the way. */
function pixelsOf(png: Buffer): boolean[][] {
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4))
    at += 12 + length
  }
  const header = chunks.get('IHDR') ?? Buffer.alloc(13)
  const width = header.readUInt32BE(0)
  expect([...header.subarray(8)]).toEqual([1, 0, 0, 0, 0])
  const bytes = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
  const stride = 1 + Math.ceil(width / 8)
  expect(bytes.length).toBe(stride * width)
  return Array.from({ length: width }, (_row, y) =>
    Array.from({ length: width }, (_column, x) => ((bytes[y * stride + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0),
  )
}

test.each(['d.x.de', 'door.home.example', 'door.the-long-family.example.c'])(
  'ux-09 another program reads it, for %s version 3 is enough, and it is small',
  async (host) => {
    const { png, modules } = await qrPng(link(host))
    expect(await decodeQr(png)).toBe(link(host))
    expect(modules).toBeLessThanOrEqual(29 + 8)
    expect(png.length).toBeLessThan(3000)
  },
)

test('ux-10 ux-11 black on white, with four white modules around it', async () => {
  const { png, modules } = await qrPng(link('door.home.example'))
  const pixels = pixelsOf(png)
  const module = pixels.length / modules
  expect(module).toBe(16)
  const quiet = 4 * module
  const edge = pixels.length - quiet
  pixels.forEach((row, y) => {
    row.forEach((white, x) => {
      if (y < quiet || x < quiet || y >= edge || x >= edge) expect(white).toBe(true)
      // Every pixel is like the first one of its module: no blurred edges.
      expect(white).toBe(pixels[y - (y % module)]?.[x - (x % module)])
    })
  })
  // The three corners of the symbol itself are black.
  expect([pixels[quiet]?.[quiet], pixels[quiet]?.[edge - 1], pixels[edge - 1]?.[quiet]]).toEqual([false, false, false])
})

test('a text that fits no code is an error', async () => {
  await expect(qrPng('X'.repeat(5000))).rejects.toThrow()
})
