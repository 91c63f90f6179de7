import { generate } from 'selfsigned'

/** A self-signed certificate (RSA 2048, so that old engines accept it) for these host names, PEM. Valid for a day. */
export async function makeCertificate(hosts: readonly [string, ...string[]]): Promise<{ cert: string; key: string }> {
  const pem = await generate([{ name: 'commonName', value: hosts[0] }], {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 24 * 3_600_000),
    extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) }],
  })
  return { cert: pem.cert, key: pem.private }
}
