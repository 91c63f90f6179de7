import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { firstMessage } from '../../src/traffic/forwarding/first-message.ts'

const MASK = Buffer.from([0x11, 0x99, 0x5a, 0xff])

/** A client's frame; `first` is its first byte. */
function frame(payload: Buffer | string, first = 0x81, masked = true): Buffer {
  const bytes = Buffer.from(payload)
  const long = bytes.length > 125
  const head = [first, (masked ? 0x80 : 0) | (long ? 126 : bytes.length)]
  if (long) head.push(bytes.length >> 8, bytes.length & 0xff)
  const hidden = masked ? bytes.map((byte, i) => byte ^ (MASK[i % 4] as number)) : bytes
  return Buffer.concat([Buffer.from(head), masked ? MASK : Buffer.alloc(0), hidden])
}

const text = JSON.stringify({ type: 'auth', access_token: 'x'.repeat(180), of: 'Søren' })

test('a message is read however it comes: short, long, after a Ping, compressed, with more behind it', () => {
  const deflated = deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4)
  for (const bytes of [
    frame(text),
    Buffer.concat([frame('ping', 0x89), frame(text)]),
    Buffer.concat([frame(text), frame('more')]),
    frame(deflated, 0xc1),
  ])
    expect(firstMessage(bytes)).toEqual({ text })
  expect(firstMessage(frame('{}'))).toEqual({ text: '{}' })
})

test('until it is whole there is none', () => {
  const whole = Buffer.concat([frame('', 0x8a), frame(text)])
  for (let end = 0; end < whole.length; end++) expect(firstMessage(whole.subarray(0, end))).toBeUndefined()
})

test('anything that two readers could read differently is odd', () => {
  for (const bytes of [
    frame(text, 0x81, false),
    frame(text, 0x01),
    frame(text, 0x80),
    frame(text, 0x82),
    frame(text, 0xa1),
    frame('no deflate', 0xc1),
    frame(deflateRawSync(Buffer.alloc(10_000_000)), 0xc1),
    Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 1]),
  ])
    expect(firstMessage(bytes)).toBe('odd')
})
