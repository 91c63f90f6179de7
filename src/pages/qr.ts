import { crc32, deflateSync } from 'node:zlib'
import QRCode from 'qrcode'

/** Part of the image, so that no style sheet can take it away. */
const quietModules = 4
const pixelsPerModule = 16

/** How many modules a side the QR code of a text has, with the quiet zone. Throws when the text fits none. */
export function qrModules(text: string): number {
  return symbolOf(text).size + 2 * quietModules
}

/**
 * A QR code as a PNG: one bit a pixel, black on white, quiet zone inside, error correction M. Upper-case text packs
 * into the alphanumeric mode, whose symbols are smaller.
 * @returns the image, and its modules a side with the quiet zone: sizes on a page are whole multiples of them
 * @throws Error when the text fits no QR code
 */
export async function qrPng(text: string): Promise<{ png: Buffer; modules: number }> {
  const symbol = symbolOf(text)
  const modules = symbol.size + 2 * quietModules
  const rows: Buffer[] = []
  for (let row = -quietModules; row < symbol.size + quietModules; row++) {
    // A filter byte, then the pixels; 16 of them are two whole bytes a module.
    const line = Buffer.alloc(1 + (modules * pixelsPerModule) / 8, 0xff)
    line[0] = 0
    const hasModules = row >= 0 && row < symbol.size
    for (let column = 0; hasModules && column < symbol.size; column++) {
      if (symbol.get(row, column) !== 0) line.fill(0, 1 + (column + quietModules) * 2, 3 + (column + quietModules) * 2)
    }
    for (let pixel = 0; pixel < pixelsPerModule; pixel++) rows.push(line)
  }
  return { png: bitPng(modules * pixelsPerModule, Buffer.concat(rows)), modules }
}

function symbolOf(text: string): QRCode.BitMatrix {
  return QRCode.create(text, { errorCorrectionLevel: 'M' }).modules
}

/** A square one-bit greyscale PNG (PNG specification §11.2). */
function bitPng(side: number, scanlines: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = deflateSync(scanlines)
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
