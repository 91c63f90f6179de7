import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connectDevTools, type DevTools } from './devtools.ts'
import type { OldEngine, OldEngineOptions } from './old-engine.ts'

/** Starts Chromium 64 at `program` with an empty window. It believes every certificate. */
export async function startChromium64(program: string, options: OldEngineOptions): Promise<OldEngine> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-64-'))
  const child = spawn(
    program,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--single-process',
      '--no-zygote',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      `--user-agent=${options.userAgent}`,
      `--window-size=${options.width ?? 1280},${options.height ?? 720}`,
      `--host-resolver-rules=MAP * 127.0.0.1${options.port === undefined ? '' : `:${options.port}`}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  )
  const gone = once(child, 'close')
  // It forks, and its children outlive it: the whole group ends.
  const kill = () => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'))
  process.once('exit', kill)
  const debuggingPort = await Promise.race([
    readDebuggingPort(child.stderr),
    gone.then(([code]) => Promise.reject(new Error(`Chromium 64 did not start (exit code ${code})`))),
  ])
  const devtools = await connectDevTools(await findWindow(debuggingPort))
  await believeEveryCertificate(devtools)

  async function evaluate(expression: string): Promise<unknown> {
    const answer = await devtools.send('Runtime.evaluate', { expression, returnByValue: true })
    if (answer['exceptionDetails']) throw new Error(JSON.stringify(answer['exceptionDetails']))
    return (answer['result'] as { value?: unknown }).value
  }

  return {
    open: async (url) => void (await devtools.send('Page.navigate', { url })),
    url: async () => String(await evaluate('location.href')),
    evaluate,
    screenshot: async () => Buffer.from(String((await devtools.send('Page.captureScreenshot'))['data']), 'base64'),
    async close() {
      devtools.close()
      kill()
      process.off('exit', kill)
      await gone
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** Its headless mode does not know `--ignore-certificate-errors` yet. */
async function believeEveryCertificate(devtools: DevTools): Promise<void> {
  devtools.on('Security.certificateError', ({ eventId }) => {
    devtools.send('Security.handleCertificateError', { eventId, action: 'continue' }).catch(() => {})
  })
  await devtools.send('Security.enable')
  await devtools.send('Security.setOverrideCertificateErrors', { override: true })
}

/** The DevTools address of the first window; it opens a moment after the port does. */
async function findWindow(port: number): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const targets = await fetch(`http://127.0.0.1:${port}/json/list`)
    const [window] = (await targets.json()) as { webSocketDebuggerUrl: string }[]
    if (window !== undefined) return window.webSocketDebuggerUrl
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('Chromium 64 opened no window')
}

/** The engine names the port that it chose: "DevTools listening on ws://127.0.0.1:34567/…". */
async function readDebuggingPort(stderr: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: stderr })) {
    const match = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)
    if (match) {
      stderr.resume()
      return Number(match[1])
    }
  }
  throw new Error('Chromium 64 named no DevTools port')
}
