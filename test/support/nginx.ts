import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'

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
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error('nginx has ended')
  return {
    port,
    async close() {
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  const open = await new Promise<boolean>((resolve) =>
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
  )
  socket.destroy()
  if (!open) await new Promise((resolve) => setImmediate(resolve))
  return open
}
