import { once } from 'node:events'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { MINUTE } from '../../src/lib/clock.ts'
import type { LogFields } from '../../src/lib/log.ts'
import { listen } from '../../src/listen.ts'
import { makeCertificate } from '../support/certificate.ts'
import { createFakeClock } from '../support/clock.ts'
import { freePort } from '../support/ports.ts'
import { makeTempDir } from '../support/temp-dir.ts'

/** A listener with a certificate of its own, and what a client that connects now is shown. */
async function startListener() {
  const dir = await makeTempDir()
  const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
  const port = await freePort()
  const clock = createFakeClock()
  const events: string[] = []
  const log = { notice: (event: string, _fields?: LogFields) => void events.push(event), request: () => undefined }
  const ignore = () => undefined
  const calls = { request: ignore, upgrade: ignore, clientError: ignore, retire: ignore, dismiss: ignore }
  const traffic = { ...calls, close: async () => undefined }
  let written = 0

  /** Replaces both files, with times that differ however fast this machine is. */
  async function write(pair: { cert: string; key: string }): Promise<void> {
    await Promise.all([writeFile(tls.cert, pair.cert), writeFile(tls.key, pair.key, { mode: 0o600 })])
    await utimes(tls.cert, ++written, written)
  }

  async function shown(): Promise<string | undefined> {
    const socket = connect({ port, host: '127.0.0.1', servername: 'door.home.example', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }

  await write(await makeCertificate(['door.home.example']))
  const stop = await listen({ addresses: [{ host: '127.0.0.1', port }], tls, traffic, clock, log })
  onTestFinished(stop)
  return { clock, events, write, shown }
}

test('a renewed certificate is shown within a minute, without a restart', async () => {
  const { clock, events, write, shown } = await startListener()
  const before = await shown()
  await clock.advance(MINUTE)
  expect([await shown(), events]).toEqual([before, []])
  await write(await makeCertificate(['door.home.example']))
  await clock.advance(MINUTE)
  expect(await shown()).not.toBe(before)
  expect(events).toEqual(['certificate_renewed'])
})

test('a certificate and a key that do not fit leave the old pair, until they do', async () => {
  const { clock, events, write, shown } = await startListener()
  const before = await shown()
  const [one, other] = [await makeCertificate(['door.home.example']), await makeCertificate(['door.home.example'])]
  await write({ cert: one.cert, key: other.key })
  await clock.advance(MINUTE)
  expect([await shown(), events]).toEqual([before, ['certificate_unreadable']])
  await write(one)
  await clock.advance(MINUTE)
  expect(await shown()).not.toBe(before)
  expect(events).toEqual(['certificate_unreadable', 'certificate_renewed'])
})
