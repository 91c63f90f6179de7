import { isIP, type Socket } from 'node:net'
import fc from 'fast-check'
import { createArrivals } from '../../src/traffic/reading/arrival.ts'
import { bytes, mixed } from '../pieces.ts'
import { must, pureTarget } from '../target.ts'

const arrivals = createArrivals(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'], () => false)
const pieces = [
  '127.0.0.1',
  '10.1.2.3',
  '192.0.2.7',
  '::1',
  '[2001:db8::1]:443',
  '::ffff:192.0.2.9',
  '192.0.2.7:80',
  'unknown',
  '_hid',
  ', ',
  ',',
  '"',
  'for=',
  ';proto=',
  '%eth0',
  '300.1.1.1',
]
const list = fc.option(mixed(pieces, bytes(8), 10), { nil: undefined })
const peer = fc.constantFrom('127.0.0.1', '::ffff:127.0.0.1', '192.0.2.1', '2001:db8::5', 'fd00::1', undefined)

/** A place is always an address; from a stranger it is the stranger's own, and whatever is claimed can only make it doubtful. */
export const forwardingFields = pureTarget(
  'forwarding-fields',
  fc.property(
    peer,
    fc.record({ forwardedFor: list, forwarded: list, clientClaims: list, host: list }),
    (at, claims) => {
      const { host: forwardedHost, ...rest } = claims
      const fields = { ...rest, forwardedProto: undefined, forwardedHost }
      const { place, host } = arrivals({ remoteAddress: at } as Socket, fields)
      must(isIP(place.address) !== 0, `"${place.address}" is no address`)
      if (at !== '192.0.2.1' && at !== '2001:db8::5') return
      must(place.address === at && host === undefined, 'a stranger is believed')
      const isClaimed = Object.values(claims).some((value) => value !== undefined)
      must((place.disputed === true) === isClaimed, 'a claim does not leave the place in doubt')
    },
  ),
)
