// Which names a piece of an expression can use: bare fields of the document or of an item, and how it reaches the root.
import type { FieldType } from '../../packages/core/src/entities/entity-schema.js'
import type { Fields, Model, RelationName } from './model.js'
import type { Kind } from './phrase.js'

export interface FieldInScope {
  /** As written: `person.title`, `title`, `$v.title`, `$$.person.title`. */
  readonly path: string
  /** As the model names it. */
  readonly field: string
  readonly type: FieldType
}

export interface Variable {
  readonly name: string
  readonly kind: Kind
}

export interface Scope {
  readonly fields: readonly FieldInScope[]
  /** Fields of the person from inside an item; the root's own fields at the root. */
  readonly outer: readonly FieldInScope[]
  /** In front of the name of a relation: nothing at the root, `$$.` inside an item. */
  readonly toRoot: string
  readonly variables: readonly Variable[]
}

/** Where the item of one relation has the key of another. */
export const joins: readonly (readonly [RelationName, string, RelationName, string])[] = [
  ['opportunityRoles', 'opportunityKey', 'opportunities', 'opportunityKey'], ['accounts', 'accountKey', 'opportunities', 'accountKey'],
  ['campaignMemberships', 'campaignKey', 'events', 'email.campaignKey'], ['accounts', 'country', 'accounts', 'country'], ['accounts', 'parentAccountKey', 'accounts', 'accountKey'],
]

/** Person fields that are lists of objects or free JSON are written by hand where they are wanted. */
const ownForms: ReadonlySet<string> = new Set(['identities'])

export function rootScope(model: Model): Scope {
  const fields = inScope(model.person, 'person.')
  return { fields, outer: fields, toRoot: '', variables: [] }
}

/** Inside `relation[…]`; with a prefix where the item is in a variable: `$v.`. */
export function itemScope(outside: Scope, model: Model, relation: RelationName, prefix = ''): Scope {
  const isInVariable = prefix !== ''
  const toRoot = isInVariable ? outside.toRoot : '$$.'
  return { ...outside, fields: inScope(model.relations[relation], prefix), outer: inScope(model.person, `${toRoot}person.`), toRoot }
}

export function withVariable(scope: Scope, variable: Variable): Scope {
  return { ...scope, variables: [...scope.variables, variable] }
}

function inScope(fields: Fields, prefix: string): readonly FieldInScope[] {
  return Object.entries(fields).filter(([field]) => !ownForms.has(field)).map(([field, type]) => ({ path: `${prefix}${field}`, field, type }))
}
