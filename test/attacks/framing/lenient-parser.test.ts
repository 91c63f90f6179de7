import { expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { countResponses, sendRaw } from '../../support/raw.ts'

// As somebody might who had to please an odd client of another program on the same machine.
process.env['NODE_OPTIONS'] = '--insecure-http-parser'
const house = useHouse({ process: true })

test('S1 to S8: no option of Node in the environment makes the parser lenient', async () => {
  const own = `Host: ${new URL(house.door).host}\r\n`
  const hidden = `GET /hidden HTTP/1.1\r\n${own}\r\n`
  for (const [lines, body] of [
    ['Content-Length: 5\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`],
    ['Transfer-Encoding: chunked\r\nContent-Length: 5', `0\r\n\r\n${hidden}`],
    ['Transfer-Encoding: chunked, identity', `0\r\n\r\n${hidden}`],
    ['Content-Length: 3\r\nContent-Length: 3', `abc${hidden}`],
    ['Content-Length : 3', `abc${hidden}`],
    ['X: a\0b\r\nContent-Length: 3', `abc${hidden}`],
    ['X: a\x01b\r\nContent-Length: 3', `abc${hidden}`],
    ['X: a\r\n b\r\nContent-Length: 3', `abc${hidden}`],
    ['X: a\nContent-Length: 3', `abc${hidden}`],
  ] as const) {
    const answer = await sendRaw(house.port, `POST /d HTTP/1.1\r\n${own}${lines}\r\n\r\n${body}`)
    expect([lines, answer.status, countResponses(answer.bytes)]).toEqual([lines, 400, 1])
  }
  const chunked = await sendRaw(
    house.port,
    `POST /d HTTP/1.1\r\n${own}Transfer-Encoding: chunked\r\n\r\n1 \na\n0\n\n${hidden}`,
  )
  expect(countResponses(chunked.bytes)).toBeLessThanOrEqual(1)
})
