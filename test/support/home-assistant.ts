import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docSnippets, fill } from './doc-snippet.ts'
import { untilItSays } from './started-process.ts'
import { untilListening } from './until-listening.ts'

/** A real Home Assistant in a process and a folder of its own, to which nobody has moved in. */
export type EmptyHome = {
  origin: string
  /** It is set up as a whole, some ten seconds after its start; rejects with what it said when it ends instead. */
  ready: Promise<void>
  close(): Promise<void>
}

/** Starts the Home Assistant of `python` at `port` of 127.0.0.1, configured as docs/home-assistant.md says. */
export function startHomeAssistant(python: string, port: number): EmptyHome {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-home-assistant-'))
  writeFileSync(join(dir, 'configuration.yaml'), configuration(port))
  const args = ['-m', 'homeassistant', '--config', dir, '--skip-pip', '--verbose']
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  // It must not outlive tests that somebody interrupts.
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const exited = once(child, 'exit').then(() => process.off('exit', kill))
  const ready = untilItSays(child, 'Home Assistant initialized in').then(({ lines }) =>
    untilListening(child, port, { said: () => lines.slice(-20).join('\n') }),
  )
  return {
    origin: `http://127.0.0.1:${port}`,
    ready,
    async close() {
      // Asked nicely, it would spend seconds on saving what is deleted anyway.
      kill()
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The lines that people are told to write, our place, and a lamp to switch. */
function configuration(port: number): string {
  const [, written = ''] = docSnippets('home-assistant.md', 'yaml')
  const told = fill(written, { 'http:\n': `http:\n  server_port: ${port}\n` })
  return `${told}  server_host: 127.0.0.1\nmobile_app:\ninput_boolean:\n  lamp:\n    name: The lamp\n`
}
