import type { CustomFetch } from 'openid-client'

/** No answer of a provider is larger; Entra's key set, the largest known, has 20 kB. */
const LIMIT_BYTES = 256 * 1024

/** `fetch` whose answers end at 256 kB: a provider that never stops talking must not fill the memory. Rejects then. */
export function createBoundedFetch(fetch: CustomFetch): CustomFetch {
  return async (url, options) => {
    const response = await fetch(url, options)
    const headers = new Headers(response.headers)
    // They described the bytes on the wire.
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name)
    return rebuilt(await readText(response), response.status, headers)
  }
}

/** An answer with another text or head. */
export function rebuilt(text: string, status: number, headers: Headers): Response {
  return new Response([204, 205, 304].includes(status) ? null : text, { status, headers })
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early ends the transfer.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    // SECURITY: whoever answers without end would fill the memory. Test: D9: a provider that answers without end is cut off
    if (bytes > LIMIT_BYTES) throw new Error('the answer of the provider is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
