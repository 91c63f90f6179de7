import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startNginx } from './nginx.ts'
import { untilItSays } from './started-process.ts'

/** A server of other people's making that serves files, and tells which paths it has understood. */
export type StaticApp = {
  url: URL
  /** For each request in order: the target as it came, and the path of it that was looked for, decoded. */
  understood(): { target: string; path: string }[]
  close(): Promise<void>
}

/** Stands beside the folder that is served, where only a path that climbs out of it leads. */
export const OUTSIDE = 'outside of the folder'
/** Stands where our own pages are, and must never be seen. */
export const SHADOW = 'in our place'

/** Lays out `dir/www` for the apps below. */
export function layOutFiles(dir: string): void {
  const files: Record<string, string> = { secret: OUTSIDE, 'public/secret': OUTSIDE }
  for (const name of ['secret', 'a', 'web/a', 'public/secret', 'public/a', 'a%2fb', '.a'])
    files[`www/${name}`] = 'inside'
  for (const name of ['auth/start', 'a', 'secret', 'index.html']) files[`www/.entryphone/${name}`] = SHADOW
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
}

/** nginx in front of `dir/www`. */
export async function startNginxOf(program: string, dir: string): Promise<StaticApp> {
  const log = join(dir, 'nginx.log')
  const { port, close } = await startNginx(
    program,
    () => "log_format understood escape=none '$request_uri\\t$uri'; keepalive_requests 1000000;",
    `root ${join(dir, 'www')}; access_log ${log} understood;`,
  )
  return { ...readable(port, log), close }
}

/** Python's own server, whose log line is what `translate_path` made of the target. */
const script = `
import http.server, os, sys
root, log = sys.argv[1], open(sys.argv[2], 'w', encoding='utf-8', errors='surrogateescape')
class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def __init__(self, *args): super().__init__(*args, directory=root)
    def translate_path(self, path):
        found = super().translate_path(path)
        if self.told != self.raw_requestline: log.write(self.path + '\\t' + found[len(root):] + '\\n'); log.flush()
        self.told = self.raw_requestline
        return found
    def handle_one_request(self): self.told = None; super().handle_one_request()
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print('listening', server.server_port, flush=True)
server.serve_forever()
`

/** Python's `http.server` in front of `dir/www`. */
export async function startPythonOf(program: string, dir: string): Promise<StaticApp> {
  const log = join(dir, 'python.log')
  const child = spawn(program, ['-c', script, join(dir, 'www'), log], { stdio: ['ignore', 'pipe', 'pipe'] })
  const { lines } = await untilItSays(child, 'listening')
  return { ...readable(Number(lines[0]?.split(' ')[1]), log), close: () => end(child) }
}

function readable(port: number, log: string): Pick<StaticApp, 'url' | 'understood'> {
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    understood: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const [target = '', path = ''] = line.split('\t')
          return { target, path }
        }),
  }
}

async function end(child: ReturnType<typeof spawn>): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
