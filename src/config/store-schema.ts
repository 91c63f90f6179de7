import { Type } from 'typebox'
import { caFile, section, text } from './schema-parts.ts'

/** The options of a store that gateways share. */
export const storeOptions = {
  store: Type.Optional(
    Type.Union([text(), Type.Array(text(), { minItems: 1 })], {
      description:
        'A Redis, 6.2 or newer, instead of the database in `data_dir`: for several gateways behind one door. ' +
        '`redis://host:6379`, or `rediss://` for TLS; `/1` at the end takes another database than 0, and `user@` signs ' +
        'in. A list, even of one address, is a Redis Cluster: name some of its nodes. ' +
        'Sentinels: `redis+sentinel://host1,host2,host3/NAME`, with the name that they have for the server (`/NAME/1` for ' +
        'another database), or `rediss+sentinel://` when all of them speak TLS. The password comes from ' +
        `\`store_password_file\` or a variable, \`redis://user:\${NAME}@host\`; one written out here is an error. ` +
        'Requires `key_file`, the same for all gateways. Give it `appendonly yes` and `maxmemory-policy noeviction`: ' +
        'what it forgets may be that a screen was signed out.',
      examples: ['redis://redis:6379'],
    }),
  ),
  store_password_file: Type.Optional(
    text({
      description:
        'File that holds the password of `store`; white space around it is dropped. Relative to the config file.',
      examples: ['/run/secrets/redis'],
    }),
  ),
  store_sentinel_password_file: Type.Optional(
    text({
      description:
        'File that holds the password of the Sentinels themselves, if they want one. Relative to the config file.',
      examples: ['/run/secrets/sentinel'],
    }),
  ),
  store_tls: Type.Optional(
    section('Whom to believe at a `rediss://` store, and who Entryphone says that it is. Read at the start.', {
      ca_file: caFile(),
      server_name: Type.Optional(
        text({
          description:
            'The name that every certificate must hold, where that is not the host in `store`: nodes and Sentinels may ' +
            'name each other by address.',
          examples: ['redis.home.example'],
        }),
      ),
      cert: Type.Optional(
        text({
          description:
            'PEM file with a certificate of ours, for a server that asks for one. Relative to the config file.',
          examples: ['tls/entryphone.pem'],
        }),
      ),
      key: Type.Optional(
        text({
          description: 'PEM file with its private key, not encrypted. Relative to the config file.',
          examples: ['tls/entryphone.key'],
        }),
      ),
    }),
  ),
}
