// What a change makes the next run do: nothing but remember it, evaluate again, stitch again, read again, deliver, or destroy.
import type { ResourceKind } from '../kernel/address.js'
import { isJsonObject } from '../kernel/json.js'
import type { Action, ChangeClass, FieldChange } from './plan.js'

/** The classes of a change, the mildest first. */
export function classify(kind: ResourceKind, action: Action, fields: readonly FieldChange[]): readonly ChangeClass[] {
  if (action === 'delete') return kind === 'Policy' ? ['metadata'] : ['destructive']
  const found = new Set(fields.flatMap((each) => classesOf(kind, each)))
  if (action === 'create') creationClasses[kind].forEach((each) => found.add(each))
  const classes = order.filter((each) => found.has(each))
  return classes.length === 0 ? ['metadata'] : classes
}

const order: readonly ChangeClass[] = ['re-evaluate', 're-stitch', 'backfill', 'deliver', 'destructive']

const creationClasses: Readonly<Record<ResourceKind, readonly ChangeClass[]>> = {
  Source: ['backfill'],
  Schema: [],
  Policy: [],
  Segment: ['re-evaluate'],
  Destination: [],
}

function classesOf(kind: ResourceKind, change: FieldChange): readonly ChangeClass[] {
  const top = change.field.split(/[.[]/, 1)[0] ?? ''
  switch (kind) {
    case 'Segment':
      if (['expression', 'entity', 'paths', 'vars', 'readsSegments'].includes(top)) return ['re-evaluate']
      return top === 'activate' ? ['deliver'] : []
    case 'Schema':
      if (['identities', 'mergePolicy', 'namespace'].includes(top)) return ['re-stitch']
      return top === 'fields' && !isAboutLabels(change) ? ['backfill'] : []
    case 'Policy':
      return []
    case 'Source':
      return ['streams', 'instance', 'type', 'config'].includes(top) ? ['backfill'] : []
    case 'Destination':
      return ['config', 'connector', 'dryRun', 'consent'].includes(top) ? ['deliver'] : []
  }
}

/** Labels and descriptions say what data is, not what is stored. Fields themselves may have such names, but they are objects. */
function isAboutLabels({ field, before, after }: FieldChange): boolean {
  return /\.(labels|description)$/.test(field) && !isJsonObject(before ?? null) && !isJsonObject(after ?? null)
}
