import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import type { LogFields } from '../../src/lib/log.ts'
import { startTraffic } from '../../test/support/traffic-harness.ts'
import { message, write } from '../message.ts'
import { type FuzzTarget, must } from '../target.ts'

/** Where the end of a message was taken for a part of it. */
const PATIENCE_MS = 40
const MARKER = 'said-by-the-app'

/** Comes behind everything else, so that a connection which is still understood is closed. */
const LAST = 'GET /.entryphone/last HTTP/1.1\r\nHost: movies.home.example\r\nConnection: close\r\n\r\n'

/** Sends the bytes and reads until the other side closes, or has waited for more long enough. */
async function exchange(port: number, sent: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  const received: Buffer[] = []
  const swallowed = setTimeout(() => socket.destroy(), PATIENCE_MS)
  socket.on('data', (chunk) => void received.push(chunk)).on('error', () => undefined)
  socket.write(Buffer.from(sent + LAST, 'latin1'))
  await once(socket, 'close')
  clearTimeout(swallowed)
  return Buffer.concat(received).toString('latin1')
}

/** A line is written when its request is over, which may be a moment after the client has left. */
async function untilAsMany(wanted: number, count: () => number): Promise<number> {
  for (let turn = 0; turn < 2000 && count() < wanted; turn++) await new Promise((resolve) => setImmediate(resolve))
  return count()
}

const isForwarded = (line: LogFields) => line['decision'] === 'forward' || line['decision'] === 'tunnel'

/**
 * Raw messages on real sockets: nothing reaches the app, and nothing of the app reaches anybody, without the session's own cookie;
 * the app never reads a request that we did not judge (promises 1, 2 and 6).
 */
export const messages: FuzzTarget = {
  name: 'messages',
  share: 5,
  async open() {
    const gate = await startTraffic()
    gate.recorder.answer = () => `HTTP/1.1 200 OK\r\nContent-Length: ${MARKER.length}\r\n\r\n${MARKER}`
    let run = 0
    const isOfAnother = (all: (name: string) => string[]) =>
      /^\d+$/.test(all('x-request-id').join()) && all('x-request-id').join() !== `${run}`
    return {
      property: fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 3 }), async (said) => {
        run++
        gate.recorder.clear()
        gate.otherRecorder.clear()
        gate.lines.length = 0
        const sent = said.map((one) => write(gate, one, run)).join('')
        const received = await exchange(gate.port, sent)
        const reached = gate.recorder.requests.filter(({ all }) => !isOfAnother(all))
        const elsewhere = gate.otherRecorder.requests.filter(({ all }) => !isOfAnother(all))
        if (!said.some((one) => one.cookie === 'valid')) {
          must(reached.length === 0, 'a request without a session reached the app')
          must(!received.includes(MARKER), 'an answer of the app reached somebody without a session')
        }
        if (!said.some((one) => one.cookie === 'other app')) must(elsewhere.length === 0, 'the other app was reached')
        const judged = await untilAsMany(reached.length, () => gate.lines.filter(isForwarded).length)
        must(reached.length <= judged, `the app read ${reached.length} requests, ${judged} were judged`)
        for (const { target: asked, all, fields } of reached) {
          must(sent.includes(asked), 'the app was asked for bytes that nobody sent')
          must(all('host').join() === 'movies.home.example', 'the app got another host')
          must(all('x-forwarded-for').join() === '127.0.0.1', 'a forwarding field is not ours')
          must(
            !fields.some(([name, value]) => /remote.user|x_/i.test(name) || value.includes('movies-session')),
            'something unlisted went up',
          )
        }
      }),
      close: () => gate.close(),
    }
  },
}
