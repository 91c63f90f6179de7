/** The least that a route can cost in fastify, without log. `node bench/fastify-hello.ts PORT` */
import { fastify } from 'fastify'

const app = fastify()
app.get('/', async () => ({ hello: 'world' }))
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
