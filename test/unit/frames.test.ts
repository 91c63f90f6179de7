import { expect, test } from 'vitest'
import { closeFrame, createFrameFollower } from '../../src/traffic/forwarding/frames.ts'

/** A frame with a payload of this length, as RFC 6455 §5.2 writes it; `wide` writes a longer length than it needs. */
function frame(length: number, { opcode = 1, masked = false, wide = 0 } = {}): Buffer {
  const form = wide > 0 ? wide : length < 126 ? 1 : length < 65_536 ? 126 : 127
  const size = form === 1 ? Buffer.alloc(0) : Buffer.alloc(form === 126 ? 2 : 8)
  if (form === 126) size.writeUInt16BE(length)
  if (form === 127) size.writeBigUInt64BE(BigInt(length))
  const second = (masked ? 0x80 : 0) | (form === 1 ? length : form)
  const mask = masked ? Buffer.from([0x88, 0x88, 0x88, 0x88]) : Buffer.alloc(0)
  // Of bytes that would be the head of a Close, for whoever loses count.
  return Buffer.concat([Buffer.from([0x80 | opcode, second]), size, mask, Buffer.alloc(length, 0x88)])
}

const frames = [
  frame(0),
  frame(1),
  frame(125),
  frame(126),
  frame(65_535),
  frame(65_536),
  frame(70_000, { opcode: 0 }),
  frame(5, { opcode: 9 }),
  frame(0, { masked: true }),
  frame(300, { masked: true }),
  frame(70_000, { masked: true }),
  frame(3, { wide: 126 }),
  frame(3, { wide: 127 }),
  frame(0, { wide: 127, masked: true }),
]
const stream = Buffer.concat(frames)
const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length)

test.each([1, 2, 3, 7, 13, 1000, 65_536, 500_000])('each end of a frame is known, by pieces of %i bytes', (size) => {
  const follower = createFrameFollower()
  expect(follower.place()).toBe('between')
  const found: number[] = []
  for (let at = 0; at < stream.length; at += size) {
    follower.follow(stream.subarray(at, at + size))
    if (follower.place() === 'between') found.push(Math.min(at + size, stream.length))
  }
  expect(found).toEqual(ends.filter((end) => end % size === 0 || end === stream.length))
})

test('the first end of a frame in a piece is found, wherever the piece begins', () => {
  for (const start of [0, 1, 2, 3, 4, 5, 129, 131, 300, 66_000, 140_000]) {
    const follower = createFrameFollower()
    follower.follow(stream.subarray(0, start))
    const end = ends.find((one) => one > start) ?? 0
    expect([start, follower.followToEnd(stream.subarray(start))]).toEqual([start, end - start])
    expect(follower.place()).toBe('between')
  }
  const follower = createFrameFollower()
  expect(follower.followToEnd(frame(10).subarray(0, 5))).toBe(5)
  expect(follower.place()).toBe('within')
})

test('behind a Close there is nothing more to say', () => {
  const follower = createFrameFollower()
  follower.follow(closeFrame(1000).subarray(0, 3))
  expect(follower.place()).toBe('within')
  follower.follow(closeFrame(1000).subarray(3))
  expect(follower.place()).toBe('over')
})

test('what is no frame ends nowhere, and costs no more', () => {
  const follower = createFrameFollower()
  follower.follow(Buffer.alloc(14, 0xff))
  for (let i = 0; i < 100; i++) follower.follow(stream)
  expect(follower.place()).toBe('within')
})

test('our Close says its code, unmasked', () => {
  expect(closeFrame(1012)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xf4]))
})
