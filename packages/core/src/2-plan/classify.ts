// What a change makes the next run do: nothing but remember it, evaluate again, stitch again, read again, deliver, or destroy.
import type { ResourceKind } from '../kernel/address.js'
import type { Action, ChangeClass, FieldChange } from './plan.js'

/** The classes of a change, the mildest first. */
export function classify(kind: ResourceKind, action: Action, fields: readonly FieldChange[]): readonly ChangeClass[] {
  if (action === 'delete') return ['destructive']
  const found = new Set(fields.flatMap((each) => classesOf(kind, each.field)))
  if (action === 'create') creationClasses[kind].forEach((each) => found.add(each))
  const classes = order.filter((each) => found.has(each))
  return classes.length === 0 ? ['metadata'] : classes
}

const order: readonly ChangeClass[] = ['re-evaluate', 're-stitch', 'backfill', 'deliver', 'destructive']

const creationClasses: Readonly<Record<ResourceKind, readonly ChangeClass[]>> = {
  Source: ['backfill'],
  Schema: [],
  Segment: ['re-evaluate'],
  Destination: [],
}

function classesOf(kind: ResourceKind, field: string): readonly ChangeClass[] {
  const top = field.split(/[.[]/, 1)[0] ?? ''
  switch (kind) {
    case 'Segment':
      if (['expression', 'entity', 'paths', 'vars', 'readsSegments'].includes(top)) return ['re-evaluate']
      return top === 'activate' ? ['deliver'] : []
    case 'Schema':
      return ['identities', 'mergePolicy', 'namespace'].includes(top) ? ['re-stitch'] : top === 'fields' ? ['backfill'] : []
    case 'Source':
      return ['streams', 'instance', 'type', 'config'].includes(top) ? ['backfill'] : []
    case 'Destination':
      return top === 'config' || top === 'connector' || top === 'dryRun' ? ['deliver'] : []
  }
}
