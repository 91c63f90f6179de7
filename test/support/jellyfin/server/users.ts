import { randomUUID } from 'node:crypto'

export type Policy = {
  IsAdministrator: boolean
  IsDisabled: boolean
  IsHidden: boolean
  EnableRemoteAccess: boolean
  EnableAllFolders: boolean
  EnabledFolders: string[]
  EnableAllDevices: boolean
  EnabledDevices: string[]
  /** 0: as many as wanted. */
  MaxActiveSessions: number
  AuthenticationProviderId: string
  PasswordResetProviderId: string
}

export type User = { id: string; name: string; password: string; policy: Policy }

export type Users = {
  all(): User[]
  /** By id, with hyphens or without, in any letter case. */
  find(id: string): User | undefined
  /** By name: unique, in any letter case. */
  named(name: string): User | undefined
  /** Undefined when the name is not usable or taken. */
  create(name: string, password?: string, policy?: Partial<Policy>): User | undefined
  rename(id: string, name: string): void
  remove(id: string): void
}

export const DEFAULT_PROVIDER = 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider'
const RESET_PROVIDER = 'Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider'

/** Users by API key, new users: all folders and devices, remote access, hidden, no administrator. */
const newPolicy: Policy = {
  IsAdministrator: false,
  IsDisabled: false,
  IsHidden: true,
  EnableRemoteAccess: true,
  EnableAllFolders: true,
  EnabledFolders: [],
  EnableAllDevices: true,
  EnabledDevices: [],
  MaxActiveSessions: 0,
  AuthenticationProviderId: DEFAULT_PROVIDER,
  PasswordResetProviderId: RESET_PROVIDER,
}

export function createUsers(): Users {
  const users = new Map<string, User>()
  const named = (name: string) => [...users.values()].find((user) => user.name.toLowerCase() === name.toLowerCase())
  return {
    all: () => [...users.values()],
    find: (id) => users.get(plainId(id)),
    named,
    create(name, password = '', policy = {}) {
      if (!isUsableName(name) || named(name) !== undefined) return undefined
      const user = { id: plainId(randomUUID()), name, password, policy: { ...newPolicy, ...policy } }
      users.set(user.id, user)
      return user
    },
    rename(id, name) {
      const user = users.get(plainId(id))
      if (user !== undefined) user.name = name
    },
    remove: (id) => void users.delete(plainId(id)),
  }
}

/** Ids are GUIDs: written without hyphens, read with them or without. */
export function plainId(id: string): string {
  return id.replaceAll('-', '').toLowerCase()
}

/** Users by API key, names: letters, digits and `_ - ' . @ +`, spaces only inside. */
function isUsableName(name: string): boolean {
  return /^[\p{L}\p{N}_\-'.@+ ]+$/u.test(name) && name.trim() === name
}

/** A user as the API shows it to whoever may see it. */
export function userDto(user: User, serverId: string) {
  return {
    Name: user.name,
    ServerId: serverId,
    Id: user.id,
    HasPassword: user.password !== '',
    HasConfiguredPassword: user.password !== '',
    HasConfiguredEasyPassword: false,
    EnableAutoLogin: false,
    Policy: { ...user.policy },
    Configuration: {},
  }
}
