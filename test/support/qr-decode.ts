import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

let prepared: Promise<unknown> | undefined

/** The text of the one QR code in a PNG, found by ZXing: another program than the one that draws ours. Throws without one. */
export async function decodeQr(png: Buffer): Promise<string> {
  prepared ??= prepare()
  await prepared
  const found = await readBarcodes(new Uint8Array(png), { formats: ['QRCode'], tryHarder: true })
  const [code] = found.filter((result) => result.isValid)
  if (code === undefined) throw new Error('there is no readable QR code in this picture')
  return code.text
}

/** The decoder's WebAssembly comes from the package; by default it would be fetched from the internet. */
async function prepare(): Promise<void> {
  const bytes = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
  const wasmBinary = new Uint8Array(bytes).buffer
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })
}
