import { expect, test } from 'vitest'
import { openRaw, parseResponse, sendRaw } from '../../support/raw.ts'
import { expectRefused, hidden } from '../../support/refused.ts'
import { useTraffic } from '../../support/traffic-harness.ts'
import { turns } from '../../support/turns.ts'

const gate = useTraffic()

const refused = (bytes: string, ...statuses: number[]) => expectRefused(gate, bytes, statuses)

test('S1: Content-Length together with Transfer-Encoding is refused', async () => {
  const body = `0\r\n\r\n${hidden}`
  await refused(
    gate.framed('POST / HTTP/1.1', [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'], body),
    400,
  )
  await refused(
    gate.framed('POST / HTTP/1.1', ['Transfer-Encoding: chunked', `Content-Length: ${body.length}`], body),
    400,
  )
})

test('S2: disguised transfer codings are refused', async () => {
  for (const header of [
    'Transfer-Encoding: ,chunked',
    'Transfer-Encoding: chunked,',
    'Transfer-Encoding: chunked;x=1',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: x\r\n chunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding: chunked\r\nContent-Length: 5',
    'Transfer-Encoding: Chunked\r\nContent-Length: 5',
    'Content-Length: 5\r\nTransfer-Encoding: CHUNKED',
    'Content-Length: 5\r\nTransfer-Encoding:\tchunked',
    'Content-Length: 5\r\nTransfer-Encoding:chunked ',
    'Content-Length: 5\r\nTransfer-Encoding: chunked\t',
    'Transfer-Encoding:\r\n chunked',
    'Transfer-Encoding: chunked\r\n ',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding: chunked\r\ntransfer-encoding: identity',
  ]) {
    await refused(gate.framed('POST / HTTP/1.1', [header], `0\r\n\r\n${hidden}`), 400, 501)
  }
})

test('S2: spellings of chunked that are allowed frame one request, for us and for the app', async () => {
  for (const header of [
    'Transfer-Encoding: Chunked',
    'TRANSFER-ENCODING:\tchunked',
    'transfer-encoding:chunked ',
    // An alias is no framing: the length counts, and the alias goes nowhere.
    'Transfer_Encoding: chunked\r\nContent-Length: 13',
  ]) {
    gate.recorder.clear()
    const bytes = gate.framed('POST /form HTTP/1.1', [header, 'Connection: close'], '3\r\nabc\r\n0\r\n\r\n')
    expect([header, (await sendRaw(gate.port, bytes)).status]).toEqual([header, 200])
    expect(gate.recorder.requests).toMatchObject([{ target: '/form', body: '3\r\nabc\r\n0\r\n\r\n' }])
    expect(gate.recorder.requests[0]?.head).not.toMatch(/transfer_encoding/i)
  }
})

test('S3 S4: doubled and odd lengths are refused', async () => {
  await refused(gate.framed('POST / HTTP/1.1', ['Content-Length: 3', 'Content-Length: 4'], `abc${hidden}`), 400)
  await refused(gate.framed('POST / HTTP/1.1', ['Content-Length: 3', 'Content-Length: 3'], `abc${hidden}`), 400)
  for (const length of ['+3', '0x3', '3, 3', '1 0', '1_0', '-0', '', '99999999999999999999', '0003', '3;']) {
    await refused(gate.framed('POST / HTTP/1.1', [`Content-Length: ${length}`], `abc${hidden}`), 400)
  }
})

test('transfer codings other than chunked are refused', async () => {
  for (const coding of [
    'gzip, chunked',
    'xchunked',
    'identity',
    'chunked, gzip',
    '\x0bchunked',
    '\x0cchunked',
    '\0chunked',
    '',
  ]) {
    await refused(gate.framed('POST / HTTP/1.1', [`Transfer-Encoding: ${coding}`], `0\r\n\r\n${hidden}`), 400, 501)
  }
  await refused(gate.framed('POST / HTTP/1.1', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'), 501)
})

test('HTTP/1.0 with Transfer-Encoding is refused', () =>
  refused(gate.framed('POST / HTTP/1.0', ['Transfer-Encoding: chunked'], `0\r\n\r\n${hidden}`), 400))

test('S8: broken header lines are refused', async () => {
  for (const bytes of [
    'GET / HTTP/1.1\nHost: movies.home.example\n\n',
    'GET / HTTP/1.1\r\nHost: movies.home.example\r\nA: b\r\n c\r\n\r\n',
    'GET / HTTP/1.1\r\n Host: movies.home.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost : movies.home.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: movies.home.example\r\n: b\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: movies.home.example\r\nA: b\0c\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: movies.home.example\r\nA\xe9: b\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: movies.home.example\r\nA: b\rC: d\r\n\r\n',
  ]) {
    await refused(bytes, 400)
  }
})

test('S9: trailers are never merged and never forwarded', async () => {
  const trailers = 'Remote-User: eve\r\nX_Forwarded_User: eve\r\nAuthorization: Bearer eve\r\nX-Harmless: 1\r\n'
  const bytes = gate.framed(
    'POST /form HTTP/1.1',
    ['Transfer-Encoding: chunked', 'Connection: close', 'Trailer: Remote-User'],
    `3\r\nabc\r\n0\r\n${trailers}\r\n`,
  )
  expect((await sendRaw(gate.port, bytes)).status).toBe(200)
  expect(gate.recorder.requests[0]?.body).toContain('abc')
  expect(gate.recorder.bytes()).not.toMatch(/eve|Harmless|trailer/i)
})

test('S9: a trailer that would change the message is refused or worth nothing', async () => {
  const chunked = (trailer: string) =>
    gate.framed(
      'POST /form HTTP/1.1',
      ['Transfer-Encoding: chunked', 'Connection: close'],
      `3\r\nabc\r\n0\r\n${trailer}\r\n\r\n`,
    )
  for (const trailer of [
    'Content-Length: 3',
    'content-length: 0',
    'Transfer-Encoding: chunked',
    'Remote-User : eve',
    'Remote User: eve',
    ' Remote-User: eve',
    'Remote-User\0: eve',
    'Remote-User: e\nve: x',
  ]) {
    gate.recorder.clear()
    expect([trailer, (await sendRaw(gate.port, chunked(trailer) + hidden)).bytes]).toEqual([trailer, ''])
    expect(gate.recorder.bytes()).not.toMatch(/eve|hidden/)
  }
  for (const trailer of ['Host: photos.home.example', `Cookie: ${gate.otherCookie}`, 'Connection: Upgrade']) {
    gate.recorder.clear()
    expect([trailer, (await sendRaw(gate.port, chunked(trailer))).status]).toEqual([trailer, 200])
    expect(gate.recorder.requests[0]?.all('host')).toEqual(['movies.home.example'])
    expect(gate.recorder.bytes()).not.toMatch(/photos|hidden|upgrade/i)
  }
  expect(gate.otherRecorder.connections()).toBe(0)
})

test('S10: a host that is missing, doubled or odd is refused', async () => {
  const cookie = `Cookie: ${gate.cookie}\r\n`
  for (const hosts of [
    '',
    'Host: movies.home.example\r\nHost: movies.home.example\r\n',
    'Host: movies.home.example\r\nHost: evil\r\n',
    'Host:\r\n',
    'Host: movies.home.example, evil\r\n',
    'Host: movies.home.example@evil\r\n',
    'Host: evil@movies.home.example\r\n',
    'Host: movies.home.example/evil\r\n',
    'Host: movies.home.example evil\r\n',
    'Host: movies.home.example:abc\r\n',
    'Host: movies.home.example:\r\n',
    'Host: movies.home.example:0443\r\n',
    'Host: movies.home.example:99999\r\n',
    'Host: m\xf6vies\r\n',
  ]) {
    await refused(`GET / HTTP/1.1\r\n${hosts}${cookie}Connection: close\r\n\r\n`, 400)
  }
  await refused(`GET / HTTP/1.0\r\n${cookie}\r\n`, 400)
  // A Host that comes behind the body is none.
  const late = `Transfer-Encoding: chunked\r\n${cookie}\r\n0\r\nHost: movies.home.example\r\n\r\n`
  await refused(`POST / HTTP/1.1\r\n${late}`, 400)
})

test('S16: thousands of tiny headers are refused whole', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => `a${i}: b`)
  const own = [`Host: movies.home.example`, `Cookie: ${gate.cookie}`]
  for (const fields of [
    [...own, ...many, 'Content-Length: 3'],
    [...own, ...many, 'Transfer-Encoding: chunked'],
    [...own, ...many, 'Remote-User: eve'],
    [own[1], ...many, own[0]],
    [own[0], ...many, own[1]],
    [...own, ...many, own[0]],
  ]) {
    await refused(`POST / HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\nabc`, 431, 400)
  }
})

test('S20: a request that comes byte by byte is answered', async () => {
  const client = await openRaw(gate.port)
  for (const byte of gate.framed('POST /slow HTTP/1.1', ['Content-Length: 3', 'Connection: close'], 'abc')) {
    client.write(byte)
    await turns(2)
  }
  expect(parseResponse(await client.closed()).status).toBe(200)
  expect(gate.recorder.requests[0]?.body).toBe('abc')
})

test('doubled singleton headers are refused', async () => {
  for (const header of [
    'Authorization: a',
    'Content-Type: a/b',
    'Origin: https://movies.home.example',
    'Referer: /',
    'User-Agent: a',
    'Range: bytes=0-1',
    'If-Range: "a"',
    'Sec-Fetch-Site: same-origin',
    'Destination: /x',
    'X-Requested-With: a',
    'Expect: 100-continue',
  ]) {
    await refused(gate.framed('GET / HTTP/1.1', [header, header, 'Connection: close']), 400)
  }
})
