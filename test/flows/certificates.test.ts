import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { DAY, HOUR, MINUTE } from '../../src/lib/clock.ts'
import { type CertificateOptions, makeAuthority, makeCertificate, type Pair } from '../support/certificate.ts'
import { idleTraffic, startOwnTls } from '../support/own-tls.ts'
import { openRaw } from '../support/raw.ts'

const HOST: [string] = ['door.home.example']
const make = (options?: CertificateOptions) => makeCertificate(HOST, options)
const fingerprintOf = ({ cert }: Pair) => new X509Certificate(cert).fingerprint256

test('a renewed certificate is shown within a minute, without a restart', async () => {
  const [old, renewed] = [await make(), await make()]
  const tls = await startOwnTls(old)
  await tls.minute()
  expect([await tls.shown(), tls.told]).toEqual([fingerprintOf(old), []])
  await tls.write(renewed)
  await tls.minute()
  expect(await tls.shown()).toBe(fingerprintOf(renewed))
  expect(tls.told).toEqual([{ event: 'certificate_renewed', until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }])
})

test('a certificate and a key that do not fit leave the old pair, and are told once', async () => {
  const [old, one, other] = [await make(), await make(), await make()]
  const tls = await startOwnTls(old)
  await tls.write({ cert: one.cert, key: other.key })
  for (let minute = 0; minute < 5; minute++) await tls.minute()
  expect(await tls.shown()).toBe(fingerprintOf(old))
  expect(tls.told).toEqual([
    {
      event: 'certificate_unusable',
      why: 'tls.key does not belong to the certificate.',
      until: expect.any(String),
      remedy: expect.stringContaining('the old one is shown'),
    },
  ])
  await tls.write(one)
  await tls.minute()
  expect(await tls.shown()).toBe(fingerprintOf(one))
  expect(tls.events()).toEqual(['certificate_unusable', 'certificate_renewed'])
})

test('whoever writes the key first, and half of the certificate, is given the time to write the rest', async () => {
  const [old, renewed] = [await make(), await make()]
  const tls = await startOwnTls(old)
  await tls.write({ cert: old.cert, key: renewed.key })
  await tls.minute()
  await tls.write({ cert: renewed.cert.slice(0, 300), key: renewed.key })
  await tls.minute()
  expect([await tls.shown(), tls.told]).toEqual([fingerprintOf(old), []])
  await tls.write(renewed)
  await tls.minute()
  expect([await tls.shown(), tls.events()]).toEqual([fingerprintOf(renewed), ['certificate_renewed']])
})

test('what is wrong with a new pair is in the log, and the old one stays', async () => {
  const old = await make()
  const tls = await startOwnTls(old)
  const { key } = old
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'a passphrase' } as const
  const encrypted = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', ...cipher })
  const wrong: [Pair, RegExp][] = [
    [await make({ from: new Date(Date.now() - 2 * DAY), until: new Date(Date.now() - DAY) }), /^tls.cert expired on /],
    [
      await make({ from: new Date(Date.now() + DAY), until: new Date(Date.now() + 2 * DAY) }),
      /^tls.cert is not valid be/,
    ],
    [{ cert: 'words', key }, /^tls.cert does not hold a certificate in PEM form\.$/],
    [{ cert: old.cert, key: 'words' }, /^tls.key does not hold a private key/],
    [{ cert: old.cert, key: String(encrypted) }, /^tls.key is encrypted\.$/],
    [{ cert: `${old.cert}\n${old.cert.slice(0, 200)}`, key }, /^tls.cert cannot be used for TLS\.$/],
  ]
  for (const [pair, why] of wrong) {
    await tls.write(pair)
    await tls.minute()
    await tls.minute()
    expect(tls.told.at(-1)).toMatchObject({ event: 'certificate_unusable', why: expect.stringMatching(why) })
  }
  await rm(join(tls.dir, 'key.pem'))
  for (let minute = 0; minute < 3; minute++) await tls.minute()
  expect(tls.told.at(-1)).toMatchObject({ why: 'the files cannot be read (ENOENT)' })
  expect(tls.told.length).toBe(wrong.length + 1)
  expect(await tls.shown()).toBe(fingerprintOf(old))
  await tls.write(old)
  await tls.minute()
  expect(tls.told.length).toBe(wrong.length + 1)
})

test('links that are swapped, as certbot and Kubernetes do it, are followed, whatever the times of the files say', async () => {
  const [old, renewed] = [await make(), await make()]
  const place = async (dir: string, name: string, pair: Pair) => {
    await mkdir(join(dir, name))
    for (const [file, text] of [
      ['cert.pem', pair.cert],
      ['key.pem', pair.key],
    ] as const) {
      await writeFile(join(dir, name, file), text)
      await utimes(join(dir, name, file), 1_700_000_000, 1_700_000_000)
    }
  }
  const tls = await startOwnTls(old, {
    async place(dir) {
      await place(dir, '..first', old)
      await symlink('..first', join(dir, '..data'))
      for (const file of ['cert.pem', 'key.pem']) await symlink(`..data/${file}`, join(dir, file))
    },
  })
  expect(await tls.shown()).toBe(fingerprintOf(old))
  await place(tls.dir, '..second', renewed)
  await symlink('..second', join(tls.dir, '..new'))
  await rename(join(tls.dir, '..new'), join(tls.dir, '..data'))
  await tls.minute()
  expect([await tls.shown(), tls.events()]).toEqual([fingerprintOf(renewed), ['certificate_renewed']])
})

test('a chain that changes is sent, though the certificate is the same', async () => {
  const root = await makeAuthority('Root')
  const between = await makeAuthority('Between', { ca: root })
  const own = await make({ ca: between })
  const tls = await startOwnTls(own)
  const issuers = async () => {
    const socket = await tls.connect()
    const peer = socket.getPeerX509Certificate()
    socket.destroy()
    return peer?.issuerCertificate?.subject
  }
  expect(await issuers()).toBeUndefined()
  await tls.write({ cert: `${own.cert}\n${between.cert}`, key: own.key })
  await tls.minute()
  expect(await issuers()).toBe('CN=Between')
})

test('what is open stays open when the certificate is renewed', async () => {
  const [old, renewed] = [await make(), await make()]
  const sockets = new WebSocketServer({ noServer: true })
  sockets.on('connection', (socket) => socket.on('message', (words) => socket.send(`heard ${words}`)))
  let say: (words: string) => void = () => undefined
  const tls = await startOwnTls(old, {
    traffic: {
      ...idleTraffic,
      request(req, res) {
        if (req.url !== '/stream') return void res.end(`answer to ${req.url}`)
        say = (words) => void res.write(words)
        res.write('begun')
      },
      upgrade: (req, socket, early) =>
        sockets.handleUpgrade(req, socket, early, (one) => sockets.emit('connection', one)),
    },
  })
  const reader = async (request: string) => {
    const socket = await tls.connect()
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    const until = async (words: string) => {
      while (!received.includes(words)) await once(socket, 'data')
    }
    socket.write(request)
    return { socket, until }
  }
  const streaming = await reader('GET /stream HTTP/1.1\r\nHost: door.home.example\r\n\r\n')
  await streaming.until('begun')
  const kept = await reader('GET /one HTTP/1.1\r\nHost: door.home.example\r\n\r\n')
  await kept.until('answer to /one')
  const ws = new WebSocket(`wss://127.0.0.1:${tls.port}`, { rejectUnauthorized: false })
  await once(ws, 'open')

  await tls.write(renewed)
  await tls.minute()
  expect(await tls.shown()).toBe(fingerprintOf(renewed))
  say('gone on')
  await streaming.until('gone on')
  kept.socket.write('GET /two HTTP/1.1\r\nHost: door.home.example\r\n\r\n')
  await kept.until('answer to /two')
  ws.send('still there')
  expect(String((await once(ws, 'message'))[0])).toBe('heard still there')
  expect(kept.socket.getPeerCertificate().fingerprint256).toBe(fingerprintOf(old))
  ws.terminate()
  sockets.close()
})

test('a session of TLS that is resumed after a renewal shows the new certificate', async () => {
  const [old, renewed] = [await make(), await make()]
  const tls = await startOwnTls(old)
  const first = await tls.connect({ maxVersion: 'TLSv1.2' })
  const session = first.getSession()
  if (session === undefined) throw new Error('no session')
  expect((await tls.connect({ maxVersion: 'TLSv1.2', session })).isSessionReused()).toBe(true)
  await tls.write(renewed)
  await tls.minute()
  const later = await tls.connect({ maxVersion: 'TLSv1.2', session })
  expect([later.isSessionReused(), later.getPeerCertificate().fingerprint256]).toEqual([false, fingerprintOf(renewed)])
})

test('a certificate that should have been renewed by now is told once a day, well before its end', async () => {
  const tls = await startOwnTls(await make({ until: new Date(Date.now() + 90 * DAY) }))
  await tls.minute(70 * DAY)
  expect(tls.told).toEqual([])
  await tls.minute(4 * DAY)
  for (let minute = 0; minute < 3; minute++) await tls.minute()
  expect(tls.told).toEqual([
    expect.objectContaining({ event: 'certificate_ends_soon', remedy: expect.stringContaining('renew it') }),
  ])
  await tls.minute(DAY)
  await tls.minute(20 * DAY)
  expect(tls.events()).toEqual(['certificate_ends_soon', 'certificate_ends_soon', 'certificate_not_valid'])
})

test('one that lives six days is not told before its last', async () => {
  const tls = await startOwnTls(await make({ until: new Date(Date.now() + 6 * DAY) }))
  await tls.minute(4 * DAY + 12 * HOUR)
  expect(tls.told).toEqual([])
  await tls.minute(DAY - 10 * MINUTE)
  expect(tls.events()).toEqual(['certificate_ends_soon'])
})

test('a renewed certificate that lacks a host is shown, and told', async () => {
  const tls = await startOwnTls(await make())
  await tls.write(await makeCertificate(['other.home.example']))
  await tls.minute()
  expect(tls.told).toMatchObject([
    { event: 'certificate_renewed' },
    { event: 'certificate_lacks_names', names: 'door.home.example' },
  ])
})

test('a client cannot begin the handshake anew', async () => {
  const tls = await startOwnTls(await make())
  const socket = await tls.connect({ maxVersion: 'TLSv1.2' })
  const renegotiated = new Promise<boolean>((resolve) => {
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
    socket.renegotiate({}, (error) => resolve(error === null))
  })
  expect(await renegotiated).toBe(false)
})

test('TLS before 1.2 is not spoken', async () => {
  const tls = await startOwnTls(await make())
  const ciphers = 'DEFAULT@SECLEVEL=0'
  await expect(tls.connect({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers })).rejects.toThrow()
  expect((await tls.connect({ maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2')
  expect((await tls.connect()).getProtocol()).toBe('TLSv1.3')
})

test('D1: a handshake that never ends does not hold up the end', async () => {
  const tls = await startOwnTls(await make())
  const silent = await openRaw(tls.port)
  await tls.shown()
  const stopped = tls.stop(1000)
  await tls.clock.advance(1000)
  await stopped
  await silent.closed()
})
