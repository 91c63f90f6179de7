import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { useFaultHouse } from '../../support/fault-house.ts'

const stage = await useFaultHouse()
const { house } = stage

const script = (statements: string) => `
const { createLog } = await import(${JSON.stringify(new URL('../../../src/log.ts', import.meta.url))})
const { endAtCrash } = await import(${JSON.stringify(new URL('../../../src/cli/crash.ts', import.meta.url))})
const log = createLog('info')
endAtCrash(log, (text) => process.stderr.write(text))
${statements}`

const run = (statements: string, stdout: 'pipe' | number) =>
  spawn(process.execPath, ['--input-type=module', '-e', script(statements)], { stdio: ['ignore', stdout, 'pipe'] })

async function read(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  for await (const chunk of stream ?? []) text += chunk
  return text
}

test('N8: whoever reads the log no more, or has gone, stops and ends nothing, and what could be held is not lost', async () => {
  const { stdout, lines } = house.process()
  const before = lines.length
  const slept = await stage.traffic.count('log that nobody reads', async (more) => {
    stdout.pause()
    // Far more than a pipe holds.
    const long = 'x'.repeat(7000)
    const headers = { host: new URL(house.library).host }
    for (let i = 0; i < 150; i++)
      await (await request(`http://127.0.0.1:${house.port}/${long}${i}`, { headers })).body.dump()
    await more(20)
    stdout.resume()
  })
  expect(slept).toMatchObject({ lost: 0, unauthorised: 0 })
  await expect.poll(() => lines.slice(before).filter((line) => line.includes('xxxxxxx'))).toHaveLength(150)

  const gone = await stage.traffic.count('log pipe closed', async (more) => {
    stdout.destroy()
    await more(50)
  })
  expect(gone).toMatchObject({ lost: 0, unauthorised: 0 })
  expect(await house.process().close()).toBe(0)
})

test('N8: beyond what can be held, lines are dropped and counted', async () => {
  const child = run(
    `for (let i = 0; i < 60_000; i++) log.notice('line', { text: 'x'.repeat(100) })
    process.stderr.write('written')
    setInterval(() => undefined, 1000)
    process.on('SIGTERM', () => process.exit())`,
    'pipe',
  )
  child.stdout?.pause()
  await once(child.stderr as NodeJS.ReadableStream, 'data')
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
    // At the end alone: the whole is long.
    if (text.slice(-1000).includes('log_lines_lost')) child.kill('SIGTERM')
  })
  child.stdout?.resume()
  expect((await once(child, 'close'))[0]).toBe(0)
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const lost = lines.find(({ event }) => event === 'log_lines_lost')
  expect(lost.lines).toBeGreaterThan(0)
  expect(lines.filter(({ event }) => event === 'line').length + lost.lines).toBe(60_000)
})

test('N8: a log on a full disk ends nothing', async () => {
  const child = run(
    `for (let i = 0; i < 100; i++) log.notice('line'); setTimeout(() => process.exit(7), 100)`,
    openSync('/dev/full', 'w'),
  )
  const said = read(child.stderr)
  expect((await once(child, 'exit'))[0]).toBe(7)
  expect(await said).toBe('')
})

const uncaught: [name: string, statement: string][] = [
  ['an error', `setImmediate(() => { throw Object.assign(new TypeError('secret'), { code: 'E_X' }) })`],
  ['a rejection', `Promise.reject(Object.assign(new TypeError('secret'), { code: 'E_X' }))`],
]
test.each(uncaught)(
  'N1: %s that nobody caught ends the process with a line that quotes nothing',
  async (_, statement) => {
    const child = run(`log.notice('before'); ${statement}`, 'pipe')
    const [out, err] = [read(child.stdout), read(child.stderr)]
    expect((await once(child, 'exit'))[0]).toBe(1)
    const [before, crashed] = (await out).split('\n')
    expect(JSON.parse(before ?? '')).toMatchObject({ event: 'before' })
    expect(JSON.parse(crashed ?? '')).toMatchObject({
      level: 40,
      event: 'crashed',
      error: expect.stringMatching(/^TypeError E_X\n {4}at /),
    })
    expect((await out) + (await err)).not.toContain('secret')
  },
)

test('a command whose reader has had enough ends, however much there is to read', async () => {
  const main = new URL('../../../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, 'classify'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const feed = () => {
    while (child.stdin.write('Mozilla/5.0 (Web0S; Linux/SmartTV)\n'));
  }
  child.stdin.on('error', () => undefined).on('drain', feed)
  feed()
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect((await once(child, 'exit'))[0]).toBe(1)
})
