// Segments that nobody edited and whose members may differ all the same, because what they read is read, mapped or stitched
// otherwise from now on. How many move shows only once the records were mapped again: the run counts, and holds back what surprises.
import type { Segment } from '../1-project/project.js'
import { parseOnce } from '../expressions/parse-once.js'
import { memberFieldName, rootEntities } from '../expressions/root-shape.js'
import type { EntityName } from '../entities/entity-schema.js'
import { parseAddress } from '../kernel/address.js'
import type { AppliedContent } from './applied.js'
import type { Change, FieldChange } from './plan.js'

export interface Touched {
  readonly segment: string
  /** `Source/crm maps account.employees otherwise`. */
  readonly cause: string
}

/** One per segment, with the first change that touches it. */
export function findTouched(changes: readonly Change[], next: AppliedContent): readonly Touched[] {
  const touches = changes.flatMap((change) => touchesOf(change, next))
  return Object.values(next.segments).flatMap(({ spec }) => {
    const first = touches.find((each) => reads(spec, each))
    return first ? [{ segment: spec.name, cause: first.cause }] : []
  })
}

interface Touch {
  readonly entity: EntityName
  /** Every field, and which rows there are, when absent. */
  readonly field?: string
  readonly cause: string
}

function touchesOf(change: Change, next: AppliedContent): readonly Touch[] {
  const address = parseAddress(change.address)
  switch (address?.kind) {
    case 'Schema':
      return change.fields.flatMap((field) => schemaTouch(address.name, field))
    case 'Source':
      return sourceTouches(change, address.name, next)
    case 'Segment':
    case 'Destination':
    case 'Policy':
    case undefined:
      return []
  }
}

function schemaTouch(entity: EntityName, { field }: FieldChange): readonly Touch[] {
  const cause = `Schema/${entity}`
  if (field === 'identities' || field.startsWith('identities[') || field === 'namespace') return [{ entity, cause: `${cause} identifies by other values` }]
  if (field.startsWith('mergePolicy')) return [{ entity, cause: `${cause} merges by another policy` }]
  const name = /^fields\.(.+?)(\.(type|description|enum|minimum|maximum|references|labels)(\[.*)?)?$/.exec(field)
  if (!name?.[1] || name[3] === 'description' || name[3] === 'labels') return []
  return [{ entity, field: name[1], cause: `${cause} has another field ${name[1]}` }]
}

function sourceTouches(change: Change, source: string, next: AppliedContent): readonly Touch[] {
  if (change.action !== 'update') return []
  const streams = next.sources[source]?.spec.streams ?? []
  return change.fields.flatMap(({ field, before }): readonly Touch[] => {
    const part = /^streams\[(.+?)\](?:\.(.+))?$/.exec(field)
    if (!part) return ['instance', 'type'].includes(field) ? streams.map(({ entity }) => ({ entity, cause: `Source/${source} names its records otherwise` })) : []
    const entity = streams.find((each) => each.name === part[1])?.entity ?? entityOf(before)
    if (entity === undefined) return []
    const mapped = /^map\.(.+)$/.exec(part[2] ?? '')
    return [mapped?.[1] === undefined ? { entity, cause: `Source/${source} reads ${part[1] ?? ''} otherwise` } : { entity, field: mapped[1], cause: `Source/${source} maps ${entity}.${mapped[1]} otherwise` }]
  })
}

function entityOf(stream: FieldChange['before']): EntityName | undefined {
  return typeof stream === 'object' && stream !== null && 'entity' in stream && typeof stream.entity === 'string' ? stream.entity : undefined
}

function reads(segment: Segment, { entity, field }: Touch): boolean {
  const parsed = parseOnce(segment.expression)
  const columns = parsed.ok ? parsed.expression.reads.columns : []
  return columns.some((column) => readsColumn(column, { roots: rootEntities[segment.entity], entity, field }))
}

interface ColumnQuestion {
  readonly roots: Readonly<Record<string, readonly EntityName[]>>
  readonly entity: EntityName
  readonly field: string | undefined
}

function readsColumn(column: string, { roots, entity, field }: ColumnQuestion): boolean {
  const [root = '', ...rest] = column.split('.')
  if (root === '*') return true
  const entities = roots[root]
  if (!entities?.includes(entity)) return false
  const read = rest.join('.')
  // A whole object, a list that is only counted, or something that ties rows to the profile.
  if (field === undefined || read === '' || read.includes('*') || entities.at(-1) !== entity || isKey(field)) return true
  const names = [field, memberFieldName('campaign', field), memberFieldName('list', field), `campaign.${field}`, `list.${field}`]
  return names.some((each) => read === each || read.startsWith(`${each}.`) || each.startsWith(`${read}.`))
}

function isKey(field: string): boolean {
  return field.endsWith('Key')
}
