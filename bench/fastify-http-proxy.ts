/** What everybody would take, as its authors ship it, without log. `node bench/fastify-http-proxy.ts PORT UPSTREAM` */
import { fastifyHttpProxy } from '@fastify/http-proxy'
import { fastify } from 'fastify'

const [port, upstream = ''] = process.argv.slice(2)
const app = fastify()
await app.register(fastifyHttpProxy, { upstream })
await app.listen({ port: Number(port), host: '127.0.0.1' })
