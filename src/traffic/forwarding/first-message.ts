import { Transform } from 'node:stream'
import { constants, inflateRawSync } from 'node:zlib'

/** Whether a client may go on, by its first message; a rejection is a fault. */
export type Judge = (message: string) => boolean | Promise<boolean>

/** What becomes of a client that may not go on, or of whom nothing can be said. */
export type Outcome = { refused(): void; failed(): void }

const MOST_BYTES = 65_536
const WHOLE_TEXT = 0x81
const COMPRESSED = 0x40
const FIRST_CONTROL = 8
/** What a compressed message ends with, which goes unsaid. */
const FLUSHED = Buffer.from([0, 0, 0xff, 0xff])

/** Where what a client says goes through: held until its first message has been judged, and untouched from then on. */
export function createEntrance(judge: Judge, { refused, failed }: Outcome): Transform {
  let held: Buffer = Buffer.alloc(0)
  let open = false
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      if (open) return done(null, bytes)
      held = Buffer.concat([held, bytes])
      const message = held.length > MOST_BYTES ? 'odd' : firstMessage(held)
      if (message === undefined) return done()
      decide(message).then((may) => {
        if (!may) return refused()
        open = true
        done(null, held)
        held = Buffer.alloc(0)
      }, failed)
    },
  })

  async function decide(message: { text: string } | 'odd'): Promise<boolean> {
    return message !== 'odd' && judge(message.text)
  }
}

/**
 * The first text message in what a client has sent (RFC 6455 §5.2), Pings left out; undefined while there is more to come,
 * `odd` for anything but one masked text frame: nobody sends something small in pieces.
 */
export function firstMessage(bytes: Buffer): { text: string } | 'odd' | undefined {
  let at = 0
  while (bytes.length >= at + 2) {
    const [first, second] = [bytes[at] as number, bytes[at + 1] as number]
    const short = second & 0x7f
    if (second < 0x80 || short === 127) return 'odd'
    const begin = at + (short === 126 ? 8 : 6)
    if (bytes.length < begin) return undefined
    const end = begin + (short === 126 ? bytes.readUInt16BE(at + 2) : short)
    if (bytes.length < end) return undefined
    if ((first & 0x0f) < FIRST_CONTROL)
      return textOf(first, bytes.subarray(begin - 4, begin), bytes.subarray(begin, end))
    at = end
  }
  return undefined
}

/** Of a whole message in text, plain or compressed (RFC 7692 §7.2.2). */
function textOf(first: number, mask: Buffer, masked: Buffer): { text: string } | 'odd' {
  const isCompressed = first === WHOLE_TEXT + COMPRESSED
  if (first !== WHOLE_TEXT && !isCompressed) return 'odd'
  const payload = masked.map((byte, i) => byte ^ (mask[i % 4] as number)) as Buffer
  return isCompressed ? inflated(payload) : { text: payload.toString('utf8') }
}

function inflated(payload: Buffer): { text: string } | 'odd' {
  try {
    const options = { maxOutputLength: MOST_BYTES, finishFlush: constants.Z_SYNC_FLUSH }
    return { text: inflateRawSync(Buffer.concat([payload, FLUSHED]), options).toString('utf8') }
  } catch {
    return 'odd'
  }
}
