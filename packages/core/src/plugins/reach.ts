// Which addresses of this machine and its link a connector may talk to. What it is asked to talk to is written in project files, and
// whoever can write there should not reach what listens for this machine alone: other services, a cloud's metadata. It is the
// address that a connection is made to that counts, so a name that points there, or does so now, is refused as well.
import { BlockList, isIP } from 'node:net'

export const reaches = ['loopback', 'link-local'] as const
export type Reach = (typeof reaches)[number]

// Loopback: RFC 1122 and RFC 4291; 0.0.0.0/8 and :: are this machine for connect(). Link-local: RFC 3927 and RFC 4291; metadata
// services of clouds answer at 169.254.169.254 and fd00:ec2::254. The 64:ff9b forms are IPv4 through NAT64 (RFC 6052).
const subnets: Readonly<Record<Reach, readonly (readonly [net: string, prefix: number, family: 'ipv4' | 'ipv6'])[]>> = {
  loopback: [['127.0.0.0', 8, 'ipv4'], ['0.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6'], ['::', 128, 'ipv6'], ['64:ff9b::7f00:0', 104, 'ipv6'], ['64:ff9b::', 104, 'ipv6']],
  'link-local': [['169.254.0.0', 16, 'ipv4'], ['fe80::', 10, 'ipv6'], ['fd00:ec2::254', 128, 'ipv6'], ['64:ff9b::a9fe:0', 112, 'ipv6']],
}

const lists = reaches.map((reach) => {
  const list = new BlockList()
  for (const subnet of subnets[reach]) list.addSubnet(...subnet)
  return [reach, list] as const
})

/** What kind of address it is that needs to be allowed; undefined for all others. IPv6 addresses that stand for IPv4 are taken as what they stand for. */
export function findReach(address: string): Reach | undefined {
  const [plain = ''] = address.replace(/^\[|\]$/g, '').split('%')
  const family = isIP(plain)
  if (family === 0) return undefined
  return lists.find(([, list]) => list.check(plain, family === 4 ? 'ipv4' : 'ipv6'))?.[0]
}

/** The same, when it is not among what is allowed. */
export function findForbidden(address: string, allowed: readonly Reach[]): Reach | undefined {
  const reach = findReach(address)
  return reach === undefined || allowed.includes(reach) ? undefined : reach
}
