import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

/** The phone's camera in front of the television: reads the picture itself, as a real phone would. */
export type Camera = {
  /** A picture has appeared on the screen. */
  see(png: Uint8Array): void
  /** The screen shows another page. */
  clear(): void
  /** The text of the QR code on the screen, once it is read; undefined when there is none. */
  scan(): Promise<string | undefined>
}

/** Loads the decoder from the package's own file, so that nothing is fetched. */
export async function createCamera(): Promise<Camera> {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  const wasm = await readFile(file)
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true })

  let reading: Promise<string | undefined> = Promise.resolve(undefined)
  return {
    see(png) {
      const before = reading
      // A picture without a code takes nothing off the screen.
      reading = decode(png).then((text) => text ?? before)
    },
    clear() {
      reading = Promise.resolve(undefined)
    },
    scan: () => reading,
  }
}

async function decode(png: Uint8Array): Promise<string | undefined> {
  const results = await readBarcodes(png, { formats: ['QRCode'], tryHarder: true }).catch(() => [])
  return results.find((result) => result.isValid)?.text
}
