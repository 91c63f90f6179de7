import { type Static, Type } from 'typebox'
import { appSchema } from './app-schema.ts'
import { providerSchema } from './provider-schema.ts'
import { map, section, text } from './schema-parts.ts'
import { storeOptions } from './store-schema.ts'

/**
 * Every option of the config file: type, default and description. The type below, the checks, the defaults,
 * `config/entryphone.schema.json`, `config/entryphone.example.yaml` and `docs/configuration.md` all come from here.
 * What a schema cannot say is in `rules.ts`.
 */
export const settingsSchema = section('Everything has a safe default except the options marked as required.', {
  public_url: text({
    description:
      'The address of the door: where phones sign in, approve screens and see their list. Scheme, host and port ' +
      'only. It is never the address of an app. It starts with https://, or with http:// where `insecure_http` is on.',
    examples: ['https://door.home.example'],
  }),
  name: Type.Optional(
    text({ description: 'What pages call this place: "Sign in at Home".', default: 'Home', maxLength: 60 }),
  ),
  provider: Type.Optional(providerSchema),
  providers: Type.Optional(
    map(
      'OpenID providers by name. `provider` is short for a single one named `default`, which is all that works ' +
        'today: give one of the two.',
      providerSchema,
    ),
  ),
  apps: map(
    'The protected apps by name. A name is made of lower-case letters, digits, `-` and `_`. At least one is needed.',
    appSchema,
  ),
  device_login: Type.Optional(
    section(
      'How screens without a keyboard are let in.',
      {
        grant: Type.Optional(
          Type.Enum(['auto', 'provider', 'gateway'], {
            description:
              'Who issues the code on the screen. `gateway`: Entryphone does, and the phone approves on its page. ' +
              '`provider`: the provider does (RFC 8628), and the phone approves on its page; where the `profile` is not ' +
              "known to ask every time, on Entryphone's page as well. `auto`: `provider` where the `profile` is known to " +
              'ask every time and the provider accepts the client, else `gateway`. `entryphone check` says which, and why.',
            default: 'auto',
          }),
        ),
      },
      { default: {} },
    ),
  ),
  listen: Type.Optional(
    Type.Union([text(), Type.Array(text(), { minItems: 1 })], {
      description:
        'Where to listen: `host:port`, `:port` for every interface, or `[::1]:port`; one or a list. ' +
        'The default is `:443` with `tls` and `:8080` without.',
      examples: ['127.0.0.1:8080'],
    }),
  ),
  http_redirect: Type.Optional(
    Type.Union([text(), Type.Literal(false)], {
      description:
        'With `tls`: where to listen for plain http as well, to lead browsers to https; written as `listen` is. ' +
        '`false`: nowhere. The default is `:80` with `tls` and without `listen`, where that port can be had.',
      examples: [':80'],
    }),
  ),
  trusted_proxies: Type.Optional(
    Type.Array(text(), {
      description:
        'Addresses and ranges (CIDR) of the reverse proxies in front. Only their `X-Forwarded-For` and ' +
        '`X-Forwarded-Host` count; nobody is trusted by default. Whoever is listed can claim any address.',
      default: [],
      examples: [['127.0.0.1', '172.18.0.0/16']],
    }),
  ),
  tls: Type.Optional(
    section('Speaks https itself, without a proxy in front. Both files are read again when they change.', {
      cert: text({
        description: 'PEM file with the certificate, then its chain. Relative to the config file.',
        examples: ['tls/fullchain.pem'],
      }),
      key: text({
        description: 'PEM file with the private key, not encrypted. Relative to the config file.',
        examples: ['tls/privkey.pem'],
      }),
      http2: Type.Optional(
        Type.Boolean({
          description:
            'Speaks HTTP/2 as well: a page of six cameras or other endless streams stalls on the six connections that ' +
            'browsers open otherwise. A request costs two to three times the processor. See docs/adr/0006-http2.md.',
          default: false,
        }),
      ),
    }),
  ),
  insecure_http: Type.Optional(
    Type.Boolean({
      description:
        'Allows plain http on a home network: anybody on that network can read and take over what passes. Only for ' +
        'private addresses and names (`localhost`, `.local`, `.lan`, `.home.arpa`, `.internal`, or without a dot); ' +
        'an error together with an https `public_url`.',
      default: false,
    }),
  ),
  data_dir: Type.Optional(
    text({
      description:
        'Directory of the database, and of the key that seals it. Made at first start. Relative to the config file.',
      default: './data',
    }),
  ),
  key_file: Type.Optional(
    text({
      description:
        'File with the key that seals stored records, if it shall not live in `data_dir`. Relative to the config file.',
      examples: ['/run/secrets/entryphone_key'],
    }),
  ),
  ...storeOptions,
  stop: Type.Optional(
    section(
      'How a gateway that is told to stop (SIGTERM, Ctrl-C) leaves. A second signal ends it at once.',
      {
        drain: Type.Optional(
          text({
            description:
              'How long it first goes on as before while `/health` at the door answers 503, so that a load balancer leads ' +
              'people to another gateway; every answer is then the last on its connection. A time such as `20s` or `2m`, ' +
              'at most `1h`; longer than the balancer takes to notice. Nothing to wait for without one.',
            default: '0s',
          }),
        ),
        finish: Type.Optional(
          text({
            description:
              'How long requests that are under way may then take; nothing new is accepted. WebSockets are closed with ' +
              'code 1012 when it begins, and whatever is open at its end is cut. At most `1h`.',
            default: '5s',
          }),
        ),
      },
      { default: {} },
    ),
  ),
  log: Type.Optional(
    section(
      'What is written to standard output.',
      {
        level: Type.Optional(
          Type.Enum(['error', 'warn', 'info', 'debug'], {
            description: 'The least severe level that is written.',
            default: 'info',
          }),
        ),
      },
      { default: {} },
    ),
  ),
})

/** The config file as people write it, once it fits the schema. */
export type Settings = Static<typeof settingsSchema>
