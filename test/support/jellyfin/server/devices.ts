import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../../src/lib/clock.ts'
import type { ClientInfo } from './client-info.ts'
import type { User } from './users.ts'

/** One signed-in device: its token never expires. */
export type Device = {
  token: string
  userId: string
  deviceId: string
  name: string
  app: string
  version: string
  lastActivity: number
}

export type ApiKey = { token: string; app: string; created: number }

export type Devices = {
  all(): Device[]
  keys(): ApiKey[]
  find(token: string): Device | ApiKey | undefined
  /** A new token for `user`, or why there is none. */
  signIn(user: User, info: Omit<ClientInfo, 'token'>): Device | 'forbidden' | 'too-long'
  /** `token` where somebody has to know it beforehand. */
  addKey(app: string, token?: string): ApiKey
  /** Whether there was one. */
  removeKey(token: string): boolean
  /** Ends what `which` names; how many that were. */
  end(which: (device: Device) => boolean): number
}

/** Quick Connect, what trips one up: the columns of the table of devices. */
const longest = { client: 64, version: 32, device: 64, deviceId: 256 } as const

export function createDevices(clock: Clock): Devices {
  let devices: Device[] = []
  const keys = new Map<string, ApiKey>()

  return {
    all: () => devices,
    keys: () => [...keys.values()],
    find: (token) => devices.find((device) => device.token === token) ?? keys.get(token),
    signIn(user, info) {
      for (const part of ['client', 'version', 'device', 'deviceId'] as const)
        if (info[part].length > longest[part]) return 'too-long'
      const { MaxActiveSessions, EnableAllDevices, EnabledDevices } = user.policy
      // Quick Connect, what trips one up: these limits hold for it too; `IsDisabled` is not looked at.
      if (!EnableAllDevices && !EnabledDevices.includes(info.deviceId)) return 'forbidden'
      const own = devices.filter(({ userId }) => userId === user.id)
      if (MaxActiveSessions > 0 && own.length >= MaxActiveSessions) return 'forbidden'
      // The same user on the same device is signed out there; others on that device are not.
      devices = devices.filter(({ userId, deviceId }) => userId !== user.id || deviceId !== info.deviceId)
      const device = {
        token: randomBytes(16).toString('hex'),
        userId: user.id,
        deviceId: info.deviceId,
        name: info.device,
        app: info.client,
        version: info.version,
        lastActivity: clock.now(),
      }
      devices.push(device)
      return device
    },
    addKey(app, token = randomBytes(16).toString('hex')) {
      const key = { token, app, created: clock.now() }
      keys.set(key.token, key)
      return key
    },
    removeKey: (token) => keys.delete(token),
    end(which) {
      const before = devices.length
      devices = devices.filter((device) => !which(device))
      return before - devices.length
    },
  }
}
