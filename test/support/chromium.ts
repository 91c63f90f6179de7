import { type Browser, chromium } from 'playwright-core'

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
