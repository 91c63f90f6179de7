import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { untilListening } from './until-listening.ts'

/** nginx on a port of 127.0.0.1. */
export type Nginx = { port: number; close(): Promise<void> }

/** Starts `program` with `http`, which is said inside `http { }`, and `server`, inside its one `server { }`. */
export async function startNginx(program: string, http: (dir: string) => string, server: string): Promise<Nginx> {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-nginx-'))
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  )
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; master_process off; pid ${dir}/pid; error_log stderr crit; events {}
http { access_log off; ${temporary.join(' ')} ${http(dir)} server { listen 127.0.0.1:${port}; ${server} } }`,
  )
  const child = spawn(program, ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', 'stderr'], { stdio: 'inherit' })
  const exited = once(child, 'exit')
  await untilListening(child, port)
  return {
    port,
    async close() {
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
