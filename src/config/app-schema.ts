import { Type } from 'typebox'
import { recipeOptions } from './recipe-schema.ts'
import { caFile, optionalList, section, text } from './schema-parts.ts'

/** One protected app. */
export const appSchema = section('One protected app.', {
  host: text({
    description:
      'The host at which people open the app, with `:port` unless it is the usual one. Its scheme is that of ' +
      '`public_url`. No path and no wildcard.',
    examples: ['jellyfin.home.example', 'ha.home.example'],
  }),
  upstream: text({
    description:
      'Where the app itself listens: scheme, host and port, no path. The certificate of https:// is verified: see `upstream_tls`.',
    examples: ['http://jellyfin:8096', 'http://homeassistant:8123'],
  }),
  upstream_tls: Type.Optional(
    section('Whom to believe at an https:// upstream, where its certificate is not one that everybody knows.', {
      ca_file: caFile(),
      server_name: Type.Optional(
        text({
          description: 'The name that its certificate must hold, where that is not the host in `upstream`.',
          examples: ['unifi.home.arpa'],
        }),
      ),
      fingerprint: Type.Optional(
        Type.Union([text(), Type.Array(text(), { minItems: 1 })], {
          description:
            'SHA-256 of its certificate, or a list of them. Only such a certificate is taken, and nothing else of it ' +
            'counts: for one that the app signed itself.',
          examples: ['4F:1B:…'],
        }),
      ),
    }),
  ),
  title: Type.Optional(
    text({
      description: 'What people call the app. The default is made of its name: `home-assistant` is "Home assistant".',
      maxLength: 60,
      examples: ['Jellyfin'],
    }),
  ),
  ...recipeOptions,
  allow: Type.Optional(
    section(
      'Who may open the app; one match in any of the lists is enough. Without `allow`: everybody at this issuer, which ' +
        'is an error where anybody in the world can have an account there. `allow: {}`: nobody.',
      {
        groups: Type.Optional(
          Type.Array(text(), { description: 'Groups, in exact letter case.', examples: [['family']] }),
        ),
        emails: Type.Optional(
          Type.Array(text(), {
            description: 'E-mail addresses that the provider has verified, in any letter case.',
            examples: [['anna@home.example']],
          }),
        ),
        subjects: Type.Optional(
          Type.Array(text(), { description: 'The `sub` of people at this issuer.', examples: [['8f14e45f-ceea']] }),
        ),
      },
    ),
  ),
  cors: Type.Optional(
    Type.Union([Type.Literal('*'), Type.Array(text())], {
      description:
        'Origins of other sites whose scripts may call the app, or `"*"` for all: their preflights pass unauthenticated.',
      default: [],
      examples: [['https://dash.home.example']],
    }),
  ),
  trusted_origins: optionalList(
    'Origins of other sites that may open WebSockets to the app and send it forms and other unsafe requests.',
    ['https://dash.home.example'],
  ),
  request_headers: optionalList(
    'Further request headers that reach the app; a `*` at the end stands for the rest of a name. Cookies, connection ' +
      'headers and those that carry an identity or an address cannot be named.',
    ['x-plex-*'],
  ),
})
