import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

/**
 * Starts today's Chromium at `program`. Every host name leads to 127.0.0.1 (with `port`: to that port, whatever the
 * URL says), every certificate is believed, and it asks nobody on the internet for anything.
 */
export function launchChromium(program: string, port?: number): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--ignore-certificate-errors',
      `--host-resolver-rules=MAP * 127.0.0.1${port === undefined ? '' : `:${port}`}`,
    ],
  })
}

/** One for all tests of a file, or of the `describe` around it; none where there is no program. */
export function useChromium(program: string | undefined): () => Browser {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (program !== undefined) browser = await launchChromium(program)
  })
  afterAll(() => browser?.close())
  return () => {
    if (browser === undefined) throw new Error('Chromium has not been started')
    return browser
  }
}
