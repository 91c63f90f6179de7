/** What a payload is made of: the lines of an honest head after the request line, and a second request that hides behind it. */
export type FramingParts = { path: string; own: string; hidden: string }

/**
 * Requests whose end two parsers could see in two places, or that are none: each may be refused, or be read in one way,
 * but never become the beginning of somebody else's request.
 */
export function oddFraming({ path, own, hidden }: FramingParts): string[] {
  const post = (headers: string, body: string, version = 'HTTP/1.1') =>
    `POST ${path} ${version}\r\n${own}${headers}\r\n\r\n${body}`
  const ends = `0\r\n\r\n${hidden}`
  const chunked = 'Transfer-Encoding: chunked'
  return [
    // S1: both, in both orders, with the length of either reading
    post(`Content-Length: ${ends.length}\r\n${chunked}`, ends),
    post(`${chunked}\r\nContent-Length: ${ends.length}`, ends),
    post(`Content-Length: 4\r\n${chunked}`, `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`),
    // S2: codings in disguise, beside a length that says something else
    ...[
      'Transfer-Encoding: Chunked',
      'Transfer-Encoding: ,chunked',
      'Transfer-Encoding: chunked,',
      'Transfer-Encoding:\tchunked',
      'Transfer-Encoding: chunked ',
      'Transfer-Encoding: chunked;x=1',
      'Transfer-Encoding: chunked, chunked',
      'Transfer-Encoding: x\r\n chunked',
      'Transfer-Encoding:\r\n chunked',
      'Transfer-Encoding : chunked',
      ' Transfer-Encoding: chunked',
      'Transfer_Encoding: chunked',
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
      'X: y\nTransfer-Encoding: chunked',
      'X: y\rTransfer-Encoding: chunked',
      'Foo\r\nTransfer-Encoding: chunked',
    ].flatMap((line) => [post(line, ends), post(`${line}\r\nContent-Length: 5`, ends)]),
    // S3, S4: lengths
    post('Content-Length: 3\r\nContent-Length: 4', `abc${hidden}`),
    post('Content-Length: 3\r\nContent-Length: 3', `abc${hidden}`),
    ...['+3', '0x3', '3, 3', '1 0', '1_0', '-0', '', '99999999999999999999', '0003', '3;', ' 3', '3 '].map((length) =>
      post(`Content-Length: ${length}`, `abc${hidden}`),
    ),
    // S5, S6: other codings, and chunks before HTTP/1.1
    ...['gzip, chunked', 'xchunked', 'identity', 'chunked, gzip', '\x0bchunked', '\0chunked', ''].map((coding) =>
      post(`Transfer-Encoding: ${coding}`, ends),
    ),
    post(chunked, ends, 'HTTP/1.0'),
    post(`${chunked}\r\nConnection: keep-alive`, ends, 'HTTP/1.0'),
    // S7: chunks
    ...[
      '+1\r\na',
      '0x1\r\na',
      '1 \r\na',
      ' 1\r\na',
      '1_0\r\na',
      '-1\r\na',
      '11111111111111111\r\na',
      '1\nA',
      '1\r\nabc',
    ].map((chunk) => post(chunked, `${chunk}\r\n${ends}`)),
    post(chunked, `1;${'x'.repeat(65_536)}\r\na\r\n${ends}`),
    post(chunked, `0\r\nRemote-User: eve\r\nX_Remote_User: eve\r\nHost: eve\r\nContent-Length: 3\r\n\r\n${hidden}`),
    post(chunked, `0\r\nRemote-User : eve\r\n\r\n${hidden}`),
    // S8: lines
    ...['A: b\r\n c', 'A : b', ': b', 'A: b\0c', 'A\xe9: b', 'A: b\rC: d', 'A: b\nC: d'].map(
      (line) => `GET ${path} HTTP/1.1\r\n${own}${line}\r\n\r\n${hidden}`,
    ),
    `GET ${path} HTTP/1.1\n${own.replaceAll('\r', '')}\n${hidden}`,
    // S11: versions
    ...['', ' HTTP/0.9', ' HTTP/1.2', ' HTTP/2.0', ' HTTP/1.1x', ' http/1.1'].map(
      (version) => `GET ${path}${version}\r\n${own}\r\n${hidden}`,
    ),
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`,
    // S12, S13, S14, S19: bodies where none is expected, waits, other protocols
    ...['GET', 'HEAD', 'OPTIONS', 'DELETE'].map(
      (method) => `${method} ${path} HTTP/1.1\r\n${own}Content-Length: ${hidden.length}\r\n\r\n${hidden}`,
    ),
    post('Expect: 100-continue\r\nContent-Length: 3', `abc${hidden}`),
    post('Expect: 100-continuee\r\nContent-Length: 3', `abc${hidden}`),
    `GET ${path} HTTP/1.1\r\n${own}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n${hidden}`,
    `GET ${path} HTTP/1.1\r\n${own}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 777\r\n\r\n${hidden}`,
    `CONNECT ${path} HTTP/1.1\r\n${own}Content-Length: 3\r\n\r\nabc${hidden}`,
    `TRACE ${path} HTTP/1.1\r\n${own}\r\n${hidden}`,
    // S16
    `GET ${path} HTTP/1.1\r\n${Array.from({ length: 3000 }, (_, i) => `a${i}: b\r\n`).join('')}${own}\r\n${hidden}`,
  ]
}
