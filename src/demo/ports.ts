import { createServer } from 'node:net'
import { OperatorError } from '../lib/operator-error.ts'

const FIRST = 8080
const STEP = 10
const SETS = 100

/**
 * The first of `count` ports in a row that are free on every one of `hosts`: 8080, else 8090, 8100, … Throws an
 * OperatorError when there are none.
 */
export async function findPorts(count: number, hosts: readonly string[]): Promise<number> {
  for (let first = FIRST; first < FIRST + SETS * STEP; first += STEP) {
    if (await areFree(first, count, hosts)) return first
  }
  throw new OperatorError(`There are no ${count} free ports in a row from ${FIRST} on. Stop something, and try again.`)
}

async function areFree(first: number, count: number, hosts: readonly string[]): Promise<boolean> {
  for (let port = first; port < first + count; port++) {
    for (const host of hosts) if (!(await isFree(port, host))) return false
  }
  return true
}

function isFree(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  // A machine without IPv6 has nobody there either.
  server.once('error', (error: NodeJS.ErrnoException) =>
    resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
  )
  server.listen(port, host, () => server.close(() => resolve(true)))
  return promise
}
