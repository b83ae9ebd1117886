// Who asks: the role that a token has, and the sandbox that it is of. Asked of the stores each time, so that a token that was revoked
// is of no use from that moment on.
import { type Role, findRole } from '../../daemon/tokens.js'
import type { AdminSandbox } from './route.js'

export type Sandboxes = () => Promise<readonly AdminSandbox[]>

export interface Bearer {
  readonly role: Role
  readonly sandbox: AdminSandbox
}

export async function findBearer(authorization: string | undefined, sandboxes: Sandboxes): Promise<Bearer | undefined> {
  const [, value] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  if (value === undefined) return undefined
  for (const sandbox of await sandboxes()) {
    const role = await findRole(sandbox.store, value)
    if (role !== undefined) return { role, sandbox }
  }
  return undefined
}
