import { Type } from 'typebox'
import { profileNames } from '../provider/profiles.ts'
import { caFile, optionalList, section, text } from './schema-parts.ts'

/** The OpenID provider at which people sign in. */
export const providerSchema = section('The OpenID provider at which people sign in.', {
  issuer: text({
    description:
      'Its issuer identifier, exactly as its discovery document writes it. It starts with https://, or with http:// ' +
      'for a private address where `insecure_http` is on.',
    examples: ['https://id.home.example'],
  }),
  client_id: text({
    description: 'The id under which Entryphone is registered there.',
    examples: ['entryphone'],
  }),
  client_secret_file: Type.Optional(
    text({
      description: 'File that holds the client secret; white space around it is dropped. Relative to the config file.',
      examples: ['/run/secrets/oidc'],
    }),
  ),
  client_secret: Type.Optional(
    text({
      description:
        `The client secret from an environment variable: \`\${OIDC_SECRET}\`. A secret written out here is an error, ` +
        'so that the file can be shared.',
      examples: [`\${OIDC_SECRET}`],
    }),
  ),
  client_auth: Type.Optional(
    Type.Enum(['auto', 'basic', 'post', 'none'], {
      description:
        'How Entryphone proves itself at the token endpoint: `basic` (client_secret_basic), `post` ' +
        '(client_secret_post), `none` for a public client without a secret, or `auto`: what the `profile` is known for, ' +
        'else `post`, unless the provider says that it takes only `basic`.',
      default: 'auto',
    }),
  ),
  ca_file: caFile(),
  internal_url: Type.Optional(
    text({
      description:
        "Where Entryphone connects to in place of the issuer's address: scheme (the issuer's), host and port. Host and " +
        'the name in the certificate stay those of the issuer. For routers that do not lead back to the own network.',
      examples: ['https://192.168.1.10', 'https://caddy:443'],
    }),
  ),
  endpoint_hosts: optionalList(
    "Further hosts, with `:port` unless it is the usual one, that the provider's discovery document may name for " +
      'endpoints that Entryphone asks. Without it: the host of the issuer, and those of Google and Entra ID.',
    ['api.line.me'],
  ),
  profile: Type.Optional(
    Type.Enum([...profileNames], {
      description:
        'Which product the provider is. It decides whether `device_login.grant: auto` uses its device grant, and what ' +
        'is done its own way, such as `client_auth: auto`.',
      examples: ['pocket-id'],
    }),
  ),
  scopes: Type.Optional(
    Type.Array(text(), {
      description:
        'What is asked for at sign-in. `openid` must be there. Many providers send groups only for `groups`.',
      default: ['openid', 'profile', 'email'],
      examples: [['openid', 'profile', 'email', 'groups']],
    }),
  ),
  groups_claim: Type.Optional(
    text({ description: 'The claim that lists the groups of a person.', default: 'groups', examples: ['roles'] }),
  ),
})
