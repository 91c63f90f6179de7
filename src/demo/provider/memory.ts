import type { AdapterFactory, AdapterPayload } from 'oidc-provider'
import type { Clock } from '../../lib/clock.ts'
import type { DemoClient } from './people.ts'

/** Keeps what the provider remembers for as long as it runs. Clients come straight from the list. */
export function createProviderMemory(clients: readonly DemoClient[], clock: Clock): AdapterFactory {
  const records = new Map<string, { payload: AdapterPayload; expiresAt: number }>()

  function live(matches: (key: string, payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const now = clock.now()
    for (const [key, { payload, expiresAt }] of records) {
      if (expiresAt <= now) records.delete(key)
      else if (matches(key, payload)) return payload
    }
    return undefined
  }

  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`
    const ofModel = (key: string) => key.startsWith(`${model}:`)
    return {
      async find(id) {
        if (model === 'Client') return clientMetadata(clients.find((client) => client.id === id))
        return live((key) => key === keyOf(id))
      },
      findByUid: async (uid) => live((key, payload) => ofModel(key) && payload.uid === uid),
      findByUserCode: async (userCode) => live((key, payload) => ofModel(key) && payload.userCode === userCode),
      async upsert(id, payload, expiresInSeconds) {
        const expiresAt = expiresInSeconds === undefined ? Infinity : clock.now() + expiresInSeconds * 1000
        records.set(keyOf(id), { payload, expiresAt })
      },
      async consume(id) {
        const record = records.get(keyOf(id))
        if (record !== undefined) record.payload.consumed = Math.floor(clock.now() / 1000)
      },
      async destroy(id) {
        records.delete(keyOf(id))
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of records) if (payload.grantId === grantId) records.delete(key)
      },
    }
  }
}

function clientMetadata(client: DemoClient | undefined): AdapterPayload | undefined {
  if (client === undefined) return undefined
  return {
    client_id: client.id,
    client_secret: client.secret,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'RS256',
    require_auth_time: true,
  }
}
