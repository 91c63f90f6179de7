import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { rootSchema, type SchemaNode } from '../../src/config/schema-walk.ts'
import { goodConfig, goodEnv, writeConfig } from '../support/config-file.ts'
import { startGatewayProcess } from '../support/gateway-process.ts'
import { freePort } from '../support/ports.ts'

const atHome = `${goodConfig.replaceAll('home.example', 'lan').replaceAll('https:', 'http:')}insecure_http: true\n`

/** Names of all options, wherever they stand. */
function namesIn(node: SchemaNode): string[] {
  const inner = [...Object.values(node.properties ?? {}), ...Object.values(node.patternProperties ?? {})]
  return [...Object.keys(node.properties ?? {}), ...inner.flatMap(namesIn)]
}

test('what is insecure is called so, and named at every start and by check', async () => {
  const file = await writeConfig(`${atHome}listen: "127.0.0.1:${await freePort()}"\n`)
  const told: string[] = []
  const io = { env: goodEnv, cwd: dirname(file), out: () => undefined, err: (text: string) => void told.push(text) }
  expect(await runCheck(['--config', file], io)).toBe(0)
  expect(told.join('')).toMatch(/entryphone\.yaml:10:16: insecure_http is on: anybody on the network can read/)

  for (let start = 0; start < 2; start++) {
    const gateway = await startGatewayProcess(file, goodEnv)
    await gateway.close()
    const line = gateway.lines.find((one) => one.includes('"event":"insecure_option"'))
    expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 40, option: 'insecure_http' })
    expect(gateway.lines.join('\n')).toContain('insecure_http is on: anybody on the network')
  }
})

test('no option that sounds like a door left open has another name', () => {
  const names = [...new Set(namesIn(rootSchema))]
  expect(names).toContain('insecure_http')
  const suspicious = names.filter((name) => /skip|disable|ignore|unsafe|verify|allow_|any_|trust_all|debug/.test(name))
  expect(suspicious.filter((name) => !name.startsWith('insecure_'))).toEqual([])
})
