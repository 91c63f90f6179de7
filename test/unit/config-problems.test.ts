import { expect, test } from 'vitest'
import { complaints, goodConfig } from '../support/config-file.ts'

/** A one-line change of the good config, and how the one problem that it makes begins. */
type Case = [title: string, from: string | RegExp, to: string, says: string]

const door = 'https://door.home.example'
const app = 'host: jellyfin.home.example'
const upstream = 'http://jellyfin:8096'
const secret = `client_secret: \${OIDC_SECRET}`
const end = /$/

const cases: Case[] = [
  ['an unknown option', end, 'nmae: x\n', '10:1: nmae is not an option.\n    Did you mean name?'],
  ['another spelling', end, 'dataDir: x\n', '10:1: dataDir is not an option.\n    Did you mean data_dir?'],
  ['an option at the wrong place', end, 'host: x\n', '10:1: host is not an option.\n    It belongs under apps.<name>.'],
  [
    'a misspelt option is not missing too',
    'issuer:',
    'isuer:',
    '3:3: provider.isuer is not an option.\n    Did you mean issuer?',
  ],
  [
    'a missing option',
    /public_url.*\n/,
    '',
    '1:1: public_url is missing.\n    Add it. Write it as, for example, public_url: https://',
  ],
  ['a missing option further in', / {4}upstream.*\n/, '', '7:3: apps.jellyfin.upstream is missing.'],
  ['an option without a value', door, '', '1:1: public_url has no value.'],
  ['a map without a value', end, 'log:\n', '10:1: log has no value.\n    Put its options below it'],
  ['an empty allow', end, '    allow:\n', '10:5: apps.jellyfin.allow has no value.\n    Write allow: {} for nobody'],
  ['no apps', /apps:[\s\S]*/, 'apps: {}\n', '6:7: apps is empty: at least one is needed.'],
  [
    'a number for text',
    'id: entryphone',
    'id: 007',
    '4:14: provider.client_id must be text, not a number.\n    Put it in quotes.',
  ],
  ['text for a list', end, 'trusted_proxies: 127.0.0.1\n', '10:18: trusted_proxies must be a list of texts, not text.'],
  [
    'a hop count',
    end,
    'trusted_proxies: 1\n',
    '10:18: trusted_proxies must be a list of texts, not a number.\n    List the addresses',
  ],
  [
    'a hop count in a list',
    end,
    'trusted_proxies: ["1"]\n',
    '10:19: trusted_proxies[0] is not an IP address or a range of them.\n    Hop counts',
  ],
  ['a name for a range', end, 'trusted_proxies: [nginx]\n', '10:19: trusted_proxies[0] is not an IP address'],
  ['a prefix too long', end, 'trusted_proxies: [10.0.0.0/33]\n', '10:19: trusted_proxies[0] has a prefix length'],
  ['text for a switch', end, 'insecure_http: "no"\n', '10:16: insecure_http must be true or false, not text.'],
  [
    'one of a few words',
    end,
    'log: { level: wran }\n',
    '10:15: log.level cannot be "wran".\n    Did you mean warn? One of: error, warn, info, debug.',
  ],
  [
    'a grant that nobody gives',
    end,
    'device_login: { grant: phone }\n',
    '10:24: device_login.grant cannot be "phone".\n    One of: auto, provider, gateway',
  ],
  [
    'a device grant of a product that has none',
    'provider:\n',
    'device_login: { grant: provider }\nprovider:\n  profile: kanidm\n',
    '2:24: device_login.grant is provider, but Kanidm has no device grant.\n    Use auto or gateway.',
  ],
  [
    'a time without its unit',
    end,
    'stop: { drain: "20" }\n',
    '10:16: stop.drain is not a time.\n    Write a number and s, m, h or d: 30s, 5m.',
  ],
  ['a time that is too long', end, 'stop: { finish: 2h }\n', '10:17: stop.finish is longer than 1h.'],
  [
    'a port alone',
    end,
    'listen: 8080\n',
    '10:9: listen must be text or a list of texts, not a number.\n    Write it in quotes',
  ],
  ['a port out of range', end, 'listen: ":65536"\n', '10:9: listen has a port that is not a number'],
  ['no port', end, 'listen: [localhost]\n', '10:10: listen[0] is not host:port.'],
  ['an app name with capitals', 'jellyfin:\n', 'Jelly Fin:\n', '7:3: apps.Jelly Fin has a name that cannot be used.'],
  ['a path in public_url', door, `${door}/login`, '1:13: public_url has more than scheme, host and port.'],
  ['a query in public_url', door, `${door}?x`, '1:13: public_url has more than scheme, host and port.'],
  [
    'a password in public_url',
    door,
    'https://a:hunter2@door.example',
    '1:13: public_url has a user name or a password in it.',
  ],
  ['no scheme in public_url', door, 'door.home.example', '1:13: public_url is not an address.'],
  ['another scheme', door, 'ftp://door.example', '1:13: public_url must begin with https:// or http://.'],
  ['a backslash', door, 'https://door.example\\@evil.example', '1:13: public_url has more than scheme'],
  ['a wildcard host', app, 'host: "*.home.example"', '8:11: apps.jellyfin.host has a wildcard.'],
  ['a scheme in a host', app, 'host: https://j.example', '8:11: apps.jellyfin.host begins with a scheme.'],
  ['a path in a host', app, 'host: j.example/app', '8:11: apps.jellyfin.host has a path.'],
  ['a user in a host', app, 'host: me@j.example', '8:11: apps.jellyfin.host has a user name'],
  ['a dot at the end', app, 'host: j.example.', '8:11: apps.jellyfin.host ends with a dot.'],
  [
    'a short IPv4 address',
    app,
    'host: "127.1"',
    '8:11: apps.jellyfin.host is not a host name or IP address.\n    Write it as 127.0.0.1.',
  ],
  ['www. of the door', app, 'host: www.door.home.example:8443', '8:11: apps.jellyfin.host leads to the door'],
  [
    'a host twice',
    end,
    '  two: { host: "JELLYFIN.home.example:443", upstream: http://two }\n',
    '10:16: apps.two.host is already the host of apps.jellyfin.',
  ],
  ['a path in an upstream', upstream, `${upstream}/web`, '9:15: apps.jellyfin.upstream has more than scheme'],
  ['a password in an upstream', upstream, 'http://a:hunter2@jellyfin', '9:15: apps.jellyfin.upstream has a user name'],
  ['cors with a path', end, '    cors: [https://a.example/x]\n', '10:12: apps.jellyfin.cors[0] has more than scheme'],
  [
    'any trusted origin',
    end,
    '    trusted_origins: ["*"]\n',
    '10:23: apps.jellyfin.trusted_origins[0] cannot be "*" here.',
  ],
  [
    'every header',
    end,
    '    request_headers: ["*"]\n',
    '10:23: apps.jellyfin.request_headers[0] is not a header name.',
  ],
  [
    'a wildcard e-mail',
    end,
    '    allow: { emails: ["*@home.example"] }\n',
    '10:23: apps.jellyfin.allow.emails[0] is not an e-mail address.',
  ],
  [
    'a discovery address',
    'id.home.example',
    'id.home.example/.well-known/openid-configuration',
    '3:11: provider.issuer is the address of the discovery',
  ],
  ['a plain http issuer', 'https://id', 'http://id', '3:11: provider.issuer is plain http.'],
  ['scopes without openid', secret, `${secret}\n  scopes: [email]`, '6:11: provider.scopes lacks openid.'],
  [
    'two scopes in one',
    secret,
    `${secret}\n  scopes: [openid, profile email]`,
    '6:20: provider.scopes[1] is not one scope.',
  ],
  ['a secret written out', secret, 'client_secret: hunter2', '5:18: provider.client_secret is written out.'],
  [
    'a secret partly written out',
    secret,
    `client_secret: hunter2\${OIDC_SECRET}`,
    '5:18: provider.client_secret is written out.',
  ],
  [
    'a variable that is not set',
    secret,
    `client_secret: \${OIDC_SECRT}`,
    '5:18: provider.client_secret needs the environment variable OIDC_SECRT',
  ],
  [
    'a variable with a default',
    secret,
    `client_secret: \${OIDC_SECRET:-hunter2}`,
    '5:18: provider.client_secret holds a "${"',
  ],
  ['no secret', `  ${secret}\n`, '', '2:1: provider has no client secret.'],
  [
    'a secret for a public client',
    secret,
    `${secret}\n  client_auth: none`,
    '5:3: provider.client_secret has no use with client_auth: none.',
  ],
  [
    'two secrets',
    secret,
    `${secret}\n  client_secret_file: x`,
    '5:3: provider.client_secret is given together with client_secret_file.',
  ],
  [
    'a secret file that is missing',
    secret,
    'client_secret_file: no/where',
    '5:23: provider.client_secret_file names "no/where", which does not exist.',
  ],
  [
    'a secret file that is a directory',
    secret,
    'client_secret_file: .',
    '5:23: provider.client_secret_file names ".", which is a directory.',
  ],
  [
    'a secret file that is empty',
    secret,
    'client_secret_file: empty',
    '5:23: provider.client_secret_file names "empty", which is empty.',
  ],
  ['a data_dir that is a file', end, 'data_dir: empty\n', '10:11: data_dir names "empty", which is not a directory.'],
  ['a key_file that is missing', end, 'key_file: nowhere\n', '10:11: key_file names "nowhere", which does not exist.'],
  ['no provider', /provider:[\s\S]*?apps/, 'apps', '1:1: provider is missing.'],
  [
    'provider in both forms',
    end,
    'providers: { default: { issuer: https://i, client_id: c } }\n',
    '10:1: providers is given together with provider.',
  ],
  [
    'insecure_http beside https',
    end,
    'insecure_http: true\n',
    '10:16: insecure_http is on, but public_url begins with https://.',
  ],
]

test.each(cases)('%s: one problem, at its place, with what to do', async (_title, from, to, says) => {
  const { problems } = await complaints(
    goodConfig.replace(from, () => to),
    undefined,
    { empty: ' \n' },
  )
  expect(problems).toHaveLength(1)
  expect(problems[0]?.slice(0, says.length)).toBe(says)
  expect(problems[0]).not.toContain('hunter2')
})

test('all problems come at once, in the order of the file', async () => {
  const { problems } = await complaints(
    'nmae: x\nprovider: { isuer: y, client_auth: basix }\napps: { a: { host: "*", upstream: x } }\nlog: 1\n',
  )
  expect(problems.map((text) => text.slice(0, text.indexOf('\n')).replace(/ (is|has|cannot|must).*/, ''))).toEqual([
    '1:1: public_url',
    '1:1: nmae',
    '2:1: provider.client_id',
    '2:1: provider',
    '2:13: provider.isuer',
    '2:36: provider.client_auth',
    '3:20: apps.a.host',
    '3:35: apps.a.upstream',
    '4:6: log',
  ])
})

test('more than one provider is refused for now', async () => {
  const providers = (names: string[]) =>
    `providers: { ${names.map((name) => `${name}: { issuer: https://i, client_id: c, client_auth: none }`).join(', ')} }\napps`
  const long = (...names: string[]) => complaints(goodConfig.replace(/provider:[\s\S]*?apps/, providers(names)))
  expect((await long('default')).problems).toEqual([])
  expect((await long('default', 'other')).problems).toEqual([
    expect.stringContaining('providers names more than one provider: one for now.'),
  ])
  expect((await long('other')).problems).toEqual([expect.stringContaining('providers.other must be named default.')])
})

test.each([
  ['a very wide range', end, 'trusted_proxies: [0.0.0.0/1]\n', '10:19: trusted_proxies[0] is a very wide range.'],
  [
    'a host of the door with another port',
    app,
    'host: door.home.example:8443',
    '8:11: apps.jellyfin.host is the host of the door with another port',
  ],
  [
    'an upstream that is a public address',
    upstream,
    'https://jellyfin.home.example',
    '9:15: apps.jellyfin.upstream is a public address of this gateway',
  ],
  [
    'groups that are not asked for',
    end,
    '    allow: { groups: [family] }\n',
    '10:22: apps.jellyfin.allow.groups asks for groups, but the scopes',
  ],
] satisfies Case[])('%s: a warning, no problem', async (_title, from, to, says) => {
  const { problems, warnings } = await complaints(goodConfig.replace(from, () => to))
  expect(problems).toEqual([])
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain(says)
})
