// One profile with everything around it: what an expression sees of it, its identities, and its memberships.
import type { Applied } from '../2-plan/applied.js'
import type { ProfileEntity } from '../entities/profile-entity.js'
import { defaultPaths } from '../entities/profile-entity.js'
import type { JsonObject } from '../kernel/json.js'
import { param, sqlText } from '../kernel/sql-text.js'
import { findProfiles } from '../matching/find-profile.js'
import { readProfileViews } from '../matching/profile-view.js'
import type { ProfileView } from '../matching/match.js'
import type { Store } from '../stores/store.js'
import { type Withholding, findWithholdings } from './find-withholdings.js'

export interface ProfileDetails {
  readonly id: number
  readonly entity: ProfileEntity
  readonly view: JsonObject
  readonly identities: readonly { readonly namespace: string; readonly value: string }[]
  readonly memberships: readonly { readonly segment: string; readonly status: string; readonly since: string; readonly exitedAt: string | null; readonly withheld: readonly Withholding[] }[]
}

export async function readProfile(store: Store, applied: Applied, identity: { readonly namespace: string; readonly value: string }): Promise<ProfileDetails | undefined> {
  const entity: ProfileEntity = identity.namespace === 'b2b_account' ? 'account' : 'person'
  const [id] = await findProfiles(store, identity.namespace, identity.value)
  if (id === undefined) return undefined
  for await (const [view] of readProfileViews(store, { entities: applied.entities, entity, ids: [id], paths: { ...defaultPaths, opportunities: 'any' } })) {
    if (view) return { id, entity, view: view.root, identities: await identities(store, entity, id), memberships: await memberships(store, applied, { entity, ...view }) }
  }
  return undefined
}

async function identities(store: Store, entity: ProfileEntity, id: number): Promise<ProfileDetails['identities']> {
  return store.rows<{ namespace: string; value: string }>(
    sqlText`select i.namespace, i.value from node n join identity i on i.graph = n.graph and i.nid = n.nid where n.graph = ${param(entity)} and n.id = ${param(id)} order by i.namespace, i.value`,
  )
}

async function memberships(store: Store, applied: Applied, { entity, id, root }: ProfileView & { readonly entity: ProfileEntity }): Promise<ProfileDetails['memberships']> {
  const destinations = Object.values(applied.destinations).map((each) => each.spec)
  const rows = await store.rows<{ segment: number; status: string; qualified_at: string; exited_at: string | null }>(
    sqlText`select segment, status, qualified_at, exited_at from membership where id = ${param(id)} order by segment`,
  )
  const segments = new Map(Object.values(applied.segments).filter(({ spec }) => spec.entity === entity).map(({ uid, spec }) => [uid, spec]))
  return rows.flatMap((row) => {
    const segment = segments.get(row.segment)
    if (!segment) return []
    const withheld = row.status === 'realized' ? findWithholdings({ segment, destinations, entities: applied.entities, view: root }) : []
    return [{ segment: segment.name, status: row.status, since: row.qualified_at, exitedAt: row.exited_at, withheld }]
  })
}
