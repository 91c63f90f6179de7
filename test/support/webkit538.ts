import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startLoopbackProxy } from './loopback-proxy.ts'
import type { OldEngine, OldEngineOptions } from './old-engine.ts'
import { freePort } from './ports.ts'

/** Starts WebKit 538 (PhantomJS 2.1.1 at `program`) with an empty window. It believes every certificate. */
export async function startWebKit538(program: string, options: OldEngineOptions): Promise<OldEngine> {
  const proxy = await startLoopbackProxy(options.port)
  const port = await freePort()
  const agent = { userAgent: options.userAgent, width: options.width ?? 1280, height: options.height ?? 720, port }
  const child = spawn(
    program,
    [
      `--proxy=127.0.0.1:${proxy.port}`,
      '--ignore-ssl-errors=true',
      '--ssl-protocol=any',
      join(import.meta.dirname, 'webkit538-agent.js'),
      JSON.stringify(agent),
    ],
    // Its OpenSSL cannot read the configuration of today's systems.
    { env: { ...process.env, OPENSSL_CONF: '/dev/null' }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const gone = once(child, 'close')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const lines = createInterface({ input: child.stdout })
  await Promise.race([
    once(lines, 'line'),
    gone.then(([code]) => Promise.reject(new Error(`WebKit 538 did not start (exit code ${code})`))),
  ])

  async function ask(name: string, argument?: string): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ name, argument }),
      signal: AbortSignal.timeout(10_000),
    })
    return ((await answer.json()) as { result: unknown }).result
  }

  return {
    open: async (url) => void (await ask('open', url)),
    url: async () => String(await ask('url')),
    evaluate: (expression) => ask('evaluate', expression),
    screenshot: async () => Buffer.from(String(await ask('screenshot')), 'base64'),
    async close() {
      kill()
      process.off('exit', kill)
      await gone
      await proxy.close()
    },
  }
}

/** PhantomJS cannot choose a free port by itself and say which. */
