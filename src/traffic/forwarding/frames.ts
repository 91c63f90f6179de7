/** Where the last byte that was followed stands: inside a frame, between two, or behind the last one, a Close. */
export type FramePlace = 'within' | 'between' | 'over'

/** Follows the WebSocket frames that one side sends, so that something can be put between two of them. */
export interface FrameFollower {
  place(): FramePlace
  /** Takes all of `bytes` in. */
  follow(bytes: Buffer): void
  /** Takes `bytes` in up to the first end of a frame; how many that were. */
  followToEnd(bytes: Buffer): number
}

const CLOSE = 0x8

/**
 * Reads the heads of frames, 2 to 14 bytes (RFC 6455 §5.2), and counts the payloads. It judges nothing, and makes
 * nothing for a frame; a length past 2^53 is as good as endless.
 */
export function createFrameFollower(): FrameFollower {
  /** Bytes of the present head that have come; it ends with the mask, where there is one. */
  let head = 0
  let beforeMask = 2
  let whole = 2
  let opcode = 0
  let length = 0
  /** What is still to come of the payload. */
  let payload = 0

  const place = () => (head > 0 || payload > 0 ? 'within' : opcode === CLOSE ? 'over' : 'between')

  function readHead(byte: number): void {
    head++
    if (head === 1) opcode = byte & 0x0f
    else if (head === 2) readSecond(byte)
    else if (head <= beforeMask) length = length * 256 + byte
    if (head === 1 || head < whole) return
    head = 0
    payload = length
  }

  /** Whether there is a mask, and a length of up to 125 or how many bytes it takes. */
  function readSecond(byte: number): void {
    const short = byte & 0x7f
    length = short < 126 ? short : 0
    beforeMask = short < 126 ? 2 : short === 126 ? 4 : 10
    whole = beforeMask + (byte & 0x80 ? 4 : 0)
  }

  function walk(bytes: Buffer, stopAtEnd: boolean): number {
    let at = 0
    while (at < bytes.length) {
      if (payload === 0) readHead(bytes[at++] as number)
      else {
        const here = Math.min(payload, bytes.length - at)
        payload -= here
        at += here
      }
      if (stopAtEnd && head === 0 && payload === 0) break
    }
    return at
  }

  return {
    place,
    follow: (bytes) => void walk(bytes, false),
    followToEnd: (bytes) => walk(bytes, true),
  }
}

/** A Close frame of a server (RFC 6455 §5.5.1) with a status code of §7.4. */
export function closeFrame(code: number): Buffer {
  return Buffer.from([0x80 | CLOSE, 2, code >> 8, code & 0xff])
}

/** A text frame of a server (RFC 6455 §5.6) for a message of at most 65,535 bytes. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  if (payload.length > 0xffff) throw new Error('too long for one small frame')
  const head =
    payload.length < 126
      ? Buffer.from([0x81, payload.length])
      : Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff])
  return Buffer.concat([head, payload])
}
