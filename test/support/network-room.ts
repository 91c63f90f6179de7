import { execFileSync } from 'node:child_process'
import { isIPv6 } from 'node:net'

/**
 * A network namespace of Linux, joined to this machine by one cable: what runs inside has its own loopback, its own
 * address and a default gateway, as a container has. People stand outside, each at an address of this end of the cable.
 */
export type NetworkRoom = {
  /** In front of a command that shall run inside. */
  inside: readonly string[]
  /** Where things inside listen. */
  address: string
  address6: string
  /** Whether addresses of IPv6 could be had. */
  has6: boolean
  close(): void
}

/** A range that hardly anybody's network has, and unique-local and documentation addresses. */
const room = { address: '10.213.77.5', address6: 'fd77:77:77:1::5' }
const gateways = { four: '10.213.77.1', six: 'fd77:77:77:1::1' }

let made = 0

/** `addresses`: where people stand; the gateways are there anyway. Throws where this is not allowed: ask `needPart` first. */
export function openNetworkRoom(addresses: readonly string[]): NetworkRoom {
  const name = `ep${process.pid}-${made++}`
  const [near, far] = [`${name}o`.slice(-15), `${name}i`.slice(-15)]
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' })
  const close = () => ip('netns', 'del', name)
  ip('netns', 'add', name)
  try {
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
    ip('addr', 'add', `${gateways.four}/24`, 'dev', near)
    ip('link', 'set', near, 'up')
    ip('-n', name, 'addr', 'add', `${room.address}/24`, 'dev', far)
    ip('-n', name, 'link', 'set', far, 'up')
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('-n', name, 'route', 'add', 'default', 'via', gateways.four)
    for (const address of addresses.filter((one) => !isIPv6(one)))
      if (address !== gateways.four) ip('addr', 'add', `${address}/32`, 'dev', near)
    const has6 = joinBySix(
      ip,
      name,
      near,
      far,
      addresses.filter((one) => isIPv6(one)),
    )
    return { inside: ['ip', 'netns', 'exec', name], ...room, has6, close }
  } catch (error) {
    close()
    throw error
  }
}

function joinBySix(
  ip: (...args: string[]) => unknown,
  name: string,
  near: string,
  far: string,
  addresses: readonly string[],
): boolean {
  try {
    // Without asking first whether somebody has them, which takes a second.
    ip('addr', 'add', `${gateways.six}/64`, 'dev', near, 'nodad')
    ip('-n', name, 'addr', 'add', `${room.address6}/64`, 'dev', far, 'nodad')
    ip('-n', name, 'route', 'add', 'default', 'via', gateways.six)
    for (const address of addresses)
      if (address !== gateways.six) ip('addr', 'add', `${address}/128`, 'dev', near, 'nodad')
    return true
  } catch {
    return false
  }
}

let allowed: boolean | undefined

/** Whether this process may make one: root, on Linux, with iproute2. */
export function mayOpenNetworkRooms(): boolean {
  if (allowed === undefined) {
    try {
      openNetworkRoom([]).close()
      allowed = true
    } catch {
      allowed = false
    }
  }
  return allowed
}
