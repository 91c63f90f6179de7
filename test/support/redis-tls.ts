import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RedisTls } from '../../src/store/redis-settings.ts'
import { makeAuthority, makeCertificate, type Pair } from './certificate.ts'

/** TLS as it comes: the authorities that everybody knows, and nothing to show. */
export const plainTls: RedisTls = {
  rejectUnauthorized: true,
  ca: undefined,
  servername: undefined,
  cert: undefined,
  key: undefined,
}

/** A home's own authority, a server's certificate for `localhost` and another name, and one of a client. */
export type RedisTlsFiles = {
  ca: string
  client: Pair
  /** For `redis-server` on this port of TLS; clients must show a certificate, or need not. */
  options(port: number, clients?: 'yes' | 'no'): string[]
  /** The same for a file of its configuration. */
  lines(port: number): string[]
}

/** Writes its files into `dir`. */
export async function makeRedisTls(dir: string): Promise<RedisTlsFiles> {
  const authority = await makeAuthority()
  const server = await makeCertificate(['localhost', 'redis.home.example'], { ca: authority })
  const client = await makeCertificate(['entryphone'], { ca: authority })
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const [ca, cert, key] = [file('ca.pem', authority.cert), file('cert.pem', server.cert), file('key.pem', server.key)]
  const settings = (port: number, clients = 'no'): [string, string][] => [
    ['tls-port', `${port}`],
    ['tls-cert-file', cert],
    ['tls-key-file', key],
    ['tls-ca-cert-file', ca],
    ['tls-auth-clients', clients],
    // Servers among themselves, and what they tell of each other.
    ['tls-replication', 'yes'],
  ]
  return {
    ca: authority.cert,
    client,
    options: (port, clients) => settings(port, clients).flatMap(([name, value]) => [`--${name}`, value]),
    lines: (port) => settings(port).map((setting) => setting.join(' ')),
  }
}
