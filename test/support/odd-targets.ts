/** Request targets that two parsers could read in two ways, by what is odd about them: each is to be refused. */
// biome-ignore format: targets by the line
export const oddTargets = {
  dotSegments: [
    '/..', '/.', '/a/..', '/a/../b', '/a/./b', '/a/%2e%2e/b', '/a/.%2e/b', '/a/%2E./b', '/..%2fb', '/a%2f..%2fb',
    '/a/..;/b', '/a/.;x=1/b', '/a/%2e%2e%3b/b', '/public;/../secret', '/..?q', '/a/..%2F', '/public/../secret',
    '/public/%2e%2e/secret', '/public/.%2e/secret', '/public/%2e./secret', '/public/./../secret', '/public/%2E/secret',
    '/public/..%2fsecret', '/public/..%2Fsecret', '/public%2F..%2Fsecret', '/public//../secret', '/public/...//..',
    '/public/x/..;x=1/..;/secret', '/public/..%00/secret', '/public/..%3bx/secret',
  ],
  backslashes: [
    '/a\\b', '/\\evil', '/a%5cb', '/..%5C..', '/%5c..%5csecret', '/public\\..\\secret', '/public/..%5csecret',
    '/public/..%5Csecret', '/public%5C%2e%2e%5Csecret', '\\\\evil\\x',
  ],
  rawBytes: [
    '/secret#/public', '/a?b#c', '/a\x7fb', '/caf\xe9', '/a?\xe9', '/a\x01b', '/a\tb', '/?a\x0bb', '/#', '#',
    '/caf\xc3\xa9', '/\xef\xbc\x8esecret', '/\xc4\xb0', '/a\x1fb', '/a\0b', '/a\x80b',
  ],
  encodedControls: ['/a%00b', '/a%0ab', '/a%0D%0Ab', '/a%0db', '/%1f', '/%7F', '/%7f', '/%09', '/secret%00.css', '/%0a/secret'],
  badEscapes: ['/%', '/%zz', '/%2', '/%c0%ae', '/%ff', '/%e9', '/%ed%a0%80', '/a%', '/%C0%AF', '/%u002e', '/%f8%80%80%80%ae'],
  otherHosts: [
    '//evil/x', '//', '///', '///evil', '//secret', '*', 'http://other.home.example/x', 'https://other.home.example/x',
    'http://other/secret', 'ftp://movies.home.example/', 'ftp://other/secret', 'http://movies.home.example/x',
    'https://evil@movies.home.example/', 'https://movies.home.example:444/', 'movies.home.example:443', 'other:443',
    'a', '', 'https:///x', 'https://', 'https://movies.home.example\\@evil/', 'javascript:alert(1)', '?x', '@evil/x',
  ],
  reserved: [
    '/.ENTRYPHONE/auth/start', '/.Entryphone/', '/%2eentryphone/auth/start', '/%2Eentryphone/auth/start',
    '/.entry%70hone/x', '/%2e%65%6e%74%72%79%70%68%6f%6e%65/x', '/.entryphone%2fauth', '/.entryphone%2Fauth',
    '/.entryphone;/x', '/.entryphone;x=1/auth', '/.entryphone%3b/x', '/.entryphone', '/.entryphone?x',
    '/.entryphone%20/x', '/%2f.entryphone/auth', '/%252eentryphone/x', '/.entry%2570hone/', '/%25252eentryphone/x',
    '/.entryphone/../x', '/.entryphone/%2e%2e/x', '/./.entryphone/x', '/x/../.entryphone/auth', '/.entryphone\\auth',
  ],
} as const

/** Targets that can be read in one way only: each is data, and goes on byte for byte. */
// biome-ignore format: targets by the line
export const plainTargets = [
  '/', '/a//b', '/a///', '/a%2fb', '/a%2Fb', '/public%2fsecret', '/a%252e%252e/b', '/public/%252e%252e/secret',
  '/public/%252E%252E%252Fsecret', '/%25%32%65', '/%25%32%65%25%32%65/secret', '/a;b=c/d', '/secret;public',
  '/public;x=/', '/secret;/public', '/a/...', '/public/...//', '/.well-known/x', '/file..name', '/a/.hidden',
  '/caf%C3%A9', '/cafe%CC%81', '/%20', '/a%23b', '/secret%23/public', '/a%3fb', '/secret%3f/public', '/secret?/public',
  '/secret?x=/public', '/A/%41', '/PUBLIC', '/Secret', '/secret/', '/secret.', '/secret%20', '/secret..',
  '/secret::$DATA', '/x:y@z', "/!$&'()*+,=~", '/a|b', '/%E2%80%AE', '/a%EF%BC%8Fb', '/%EF%BC%8E%EF%BC%8E/secret',
  '/%C4%B0', '/%EF%AC%80', '/admin', '/administrator', '/admin-x', '/http://169.254.169.254/latest',
]
