import { Agent, request } from 'undici'
import { loopbackLookup } from '../../../src/demo/loopback.ts'

export type Asked = {
  status: number
  headers: Record<string, string>
  bytes: Buffer
  text: string
  json<Shape>(): Shape
}

/** One request as a script or a player of a page sends it, with a browser's cookies; redirects are answers. */
export async function ask(
  method: string,
  url: string,
  options: { cookie?: string; headers?: Record<string, string>; body?: object } = {},
): Promise<Asked> {
  const agent = new Agent({ pipelining: 0, connect: { lookup: loopbackLookup } })
  const { cookie = '', headers = {}, body } = options
  const answer = await request(url, {
    dispatcher: agent,
    method: method as 'GET',
    headers: { ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const bytes = Buffer.from(await answer.body.arrayBuffer())
  await agent.close()
  const fields = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  const text = bytes.toString()
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(fields),
    bytes,
    text,
    json: <Shape>() => JSON.parse(text) as Shape,
  }
}
