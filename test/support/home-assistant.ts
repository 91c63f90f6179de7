import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docSnippet, fill } from './doc-snippet.ts'
import { untilItSays } from './started-process.ts'
import { untilListening } from './until-listening.ts'

/** A real Home Assistant in a process and a folder of its own, to which nobody has moved in. */
export type EmptyHome = { origin: string; lines: string[]; close(): Promise<void> }

/**
 * Starts the Home Assistant of `python` at `port` of 127.0.0.1, configured as docs/home-assistant.md says. It is set up as a whole
 * when this resolves, some ten seconds later.
 */
export async function startHomeAssistant(python: string, port: number): Promise<EmptyHome> {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-home-assistant-'))
  writeFileSync(join(dir, 'configuration.yaml'), configuration(port))
  const args = ['-m', 'homeassistant', '--config', dir, '--skip-pip', '--verbose']
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  // One that hangs must not outlive the tests.
  process.once('exit', () => child.kill('SIGKILL'))
  const { lines, exited } = await untilItSays(child, 'Home Assistant initialized in')
  await untilListening(child, port, { said: () => lines.slice(-20).join('\n') })
  return {
    origin: `http://127.0.0.1:${port}`,
    lines,
    async close() {
      // Asked nicely, it would spend seconds on saving what is deleted anyway.
      child.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The lines that people are told to write, our place, and a lamp to switch. */
function configuration(port: number): string {
  const told = fill(docSnippet('home-assistant.md', 'yaml'), { 'http:\n': `http:\n  server_port: ${port}\n` })
  return `${told}  server_host: 127.0.0.1\ninput_boolean:\n  lamp:\n    name: The lamp\n`
}
