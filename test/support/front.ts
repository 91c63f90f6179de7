import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docSnippet, fill } from './doc-snippet.ts'
import type { NetworkRoom } from './network-room.ts'
import { freePort } from './ports.ts'
import { untilListening } from './until-listening.ts'

/** A proxy that people put in front. */
export type FrontName = 'nginx' | 'haproxy' | 'caddy'

/** Where it listens, what it leads to, and its certificate (PEM). */
export type FrontPlace = {
  address: string
  http: number
  https: number
  gateway: number
  dir: string
  cert: string
  key: string
}

/** A running proxy on 127.0.0.1. */
export type Front = { http: number; https: number; close(): Promise<void> }

/** A program's config file and the arguments that have it run in the foreground. */
type Recipe = (place: FrontPlace) => { config: string; args: (file: string) => string[] }

/**
 * Each is what docs/behind-a-proxy.md says, with our ports and paths in it, below what a distribution's own file would
 * hold besides.
 */
const recipes: Record<FrontName, Recipe> = {
  nginx({ address, http, https, gateway, dir, cert, key }) {
    writeFileSync(join(dir, 'cert.pem'), cert)
    writeFileSync(join(dir, 'key.pem'), key, { mode: 0o600 })
    const site = fill(docSnippet('behind-a-proxy.md', 'nginx'), {
      'listen 80;': `listen ${address}:${http};`,
      'listen 443 ssl': `listen ${address}:${https} ssl`,
      '/etc/ssl/home.example/fullchain.pem': join(dir, 'cert.pem'),
      '/etc/ssl/home.example/privkey.pem': join(dir, 'key.pem'),
      '127.0.0.1:8080': `127.0.0.1:${gateway}`,
    })
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${dir}/${one};`)
    return {
      config: `daemon off; master_process off; pid ${dir}/pid; error_log stderr error; events {}
http { access_log off; ${folders.join(' ')}\n${site}}`,
      args: (file) => ['-p', dir, '-c', file, '-e', 'stderr'],
    }
  },
  haproxy({ address, http, https, gateway, dir, cert, key }) {
    writeFileSync(join(dir, 'both.pem'), `${cert}\n${key}`, { mode: 0o600 })
    const config = fill(docSnippet('behind-a-proxy.md', 'haproxy'), {
      'bind :80\n': `bind ${address}:${http}\n`,
      'bind :443': `bind ${address}:${https}`,
      '/etc/haproxy/home.example.pem': join(dir, 'both.pem'),
      '127.0.0.1:8080': `127.0.0.1:${gateway}`,
    })
    return { config, args: (file) => ['-db', '-f', file] }
  },
  caddy({ address, http, https, gateway, dir }) {
    const site = fill(docSnippet('behind-a-proxy.md', 'caddyfile'), { '127.0.0.1:8080': `127.0.0.1:${gateway}` })
    const options = [
      `http_port ${http}`,
      `https_port ${https}`,
      `default_bind ${address}`,
      'local_certs',
      'skip_install_trust',
      'admin off',
      `storage file_system ${dir}/storage`,
    ]
    return {
      config: `{\n\t${options.join('\n\t')}\n}\n${site}`,
      args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
    }
  },
}

/**
 * Starts `program`, which is this proxy, in front of the gateway at a port of its 127.0.0.1. It listens there as well,
 * unless it is to run elsewhere.
 */
export async function startFront(
  name: FrontName,
  program: string,
  { gateway, cert, key }: Pick<FrontPlace, 'gateway' | 'cert' | 'key'>,
  { inside = [], address = '127.0.0.1' }: Partial<Pick<NetworkRoom, 'inside' | 'address'>> = {},
): Promise<Front> {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-front-'))
  const [http, https] = [await freePort(), await freePort()]
  const { config, args } = recipes[name]({ address, http, https, gateway, dir, cert, key })
  const file = join(dir, 'config')
  writeFileSync(file, config)
  const [command = '', ...rest] = [...inside, program, ...args(file)]
  const child = spawn(command, rest, {
    env: { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => void said.push(String(chunk)))
  const exited = once(child, 'exit')
  await untilListening(child, https, { host: address, said: () => said.join('') })
  return {
    http,
    https,
    async close() {
      child.kill('SIGTERM')
      // Caddy waits for open connections first.
      const late = setTimeout(() => child.kill('SIGKILL'), 1000)
      await exited
      clearTimeout(late)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
