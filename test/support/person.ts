import { createLoopbackFetch } from '../../src/demo/loopback.ts'

/** A browser without a window: keeps cookies by host, follows redirects by hand, presses named buttons. */
export type Person = {
  /** One request; redirects are answers. */
  go(url: string | URL, form?: Record<string, string>): Promise<Response>
  /** Follows redirects until an answer is none, or leads to a host where `stopAt` says so; that URL is returned. */
  follow(start: string | URL, stopAt: (url: URL) => boolean): Promise<{ url: URL; response: Response | undefined }>
  close(): Promise<void>
}

/** Somebody with a browser on this machine, where `*.localhost` means 127.0.0.1. */
export function createPerson(): Person {
  const loopback = createLoopbackFetch()
  const jar = new Map<string, Map<string, string>>()

  async function go(target: string | URL, form?: Record<string, string>): Promise<Response> {
    const url = new URL(target)
    const cookies = jar.get(url.hostname) ?? new Map<string, string>()
    jar.set(url.hostname, cookies)
    const response = await loopback.fetch(url.href, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/)
      const [name = '', ...value] = pair.split('=')
      const expires = attributes.find((attribute) => /^expires=/i.test(attribute))
      if (expires !== undefined && Date.parse(expires.slice(8)) < Date.now()) cookies.delete(name)
      else cookies.set(name, value.join('='))
    }
    return response
  }

  return {
    go,
    async follow(start, stopAt) {
      let url = new URL(start)
      for (let hop = 0; hop < 12; hop++) {
        if (stopAt(url)) return { url, response: undefined }
        const response = await go(url)
        const location = response.headers.get('location')
        if (location === null) return { url, response }
        url = new URL(location, url)
      }
      throw new Error(`too many redirects, last to ${url.href}`)
    },
    close: loopback.close,
  }
}
