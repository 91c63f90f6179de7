import type { Server } from 'node:http'
import type { Traffic } from '../dispatch.ts'
import { keepAsking } from './keep-alive.ts'

/** Lets `traffic` answer everything that arrives at `server`. */
export function attach(server: Server, traffic: Pick<Traffic, 'request' | 'upgrade' | 'clientError'>): void {
  server.on('connection', keepAsking)
  server.on('request', traffic.request)
  // The forwarder says when to go on, so that a body is not sent for a challenge.
  server.on('checkContinue', traffic.request)
  server.on('checkExpectation', traffic.request)
  server.on('upgrade', traffic.upgrade)
  server.on('connect', traffic.upgrade)
  server.on('clientError', traffic.clientError)
}
