import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** Runs statements in a process of their own, with a `log` at hand. */
function printed(level: string, statements: string) {
  const code = `const { createLog } = await import(${JSON.stringify(new URL('../../src/log.ts', import.meta.url))})
const log = createLog('${level}')
${statements}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
}

/** What was logged, line by line. */
function linesOf(level: string, statements: string): Record<string, unknown>[] {
  return printed(level, statements)
    .stdout.split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

test('a line is one JSON object with level, time and event first', () => {
  const [notice, request] = linesOf('info', `log.notice('started', { apps: 2 }); log.request({ path: '/"\\n' })`)
  expect(Object.keys(notice ?? {})).toEqual(['level', 'time', 'event', 'apps'])
  expect(request).toEqual({ level: 30, time: expect.any(String), event: 'request', path: '/"\n' })
  expect(Math.abs(Date.parse(String(request?.['time'])) - Date.now())).toBeLessThan(60_000)
})

test.each([
  ['at its end', ''],
  ['by process.exit', 'process.exit()'],
  ['by an error that nobody catches', 'throw new Error()'],
])('no line is lost when the process is ended %s', (_, end) => {
  const many = `for (let i = 0; i < 2000; i++) log.request({ i }); log.notice('last'); ${end}`
  const lines = linesOf('info', many)
  expect(lines.map(({ i, event }) => i ?? event)).toEqual([...Array(2000).keys(), 'last'])
})

test('lines of an earlier turn are out when the process is killed', () => {
  const killed = `log.notice('first'); setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')))`
  expect(linesOf('info', killed)).toMatchObject([{ event: 'first' }])
})

test('at warn, requests and notices are left out, and at error everything', () => {
  const statements = `log.notice('started'); log.warn('worn', { remedy: 'mend it' }); log.request({ path: '/' })`
  expect(linesOf('warn', statements)).toMatchObject([{ level: 40, event: 'worn', remedy: 'mend it' }])
  expect(linesOf('error', statements)).toEqual([])
})

test('L3: what a client or an app made up stays inside its line, and tells the terminal nothing', () => {
  const odd = '\r\n{"event":"forged"}\u001b[31m\u009b31m\u007f\u0085\u2028\u2029"\\'
  const code = `log.notice('odd', { text: JSON.parse(${JSON.stringify(JSON.stringify(odd))}) })`
  const { stdout } = printed('info', code)
  expect(stdout).toMatch(/^[\x20-\x7e]*\n$/)
  expect(JSON.parse(stdout)).toMatchObject({ event: 'odd', text: odd })
})
