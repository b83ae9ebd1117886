// The schema of an entity: what a person, an account, an opportunity … looks like, how it is known, how it relates.
// Plain data: it is stored with the applied state and read by ingestion, profiles and the expression compiler.

/** `key` holds a source key (`sourceID@sourceInstanceID.sourceType`) of the entity in `references`. `strings` is a list of text. `object` is free JSON. */
export const fieldTypes = ['string', 'number', 'integer', 'boolean', 'timestamp', 'date', 'strings', 'object', 'key'] as const
export type FieldType = (typeof fieldTypes)[number]

export interface Field {
  readonly type: FieldType
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  /** The entity whose source key this field holds; only with type `key`. */
  readonly references?: EntityName
  /** Data-usage labels (C1 … C12, I1, I2, S1, S2, PSPD, RHD, x-…). */
  readonly labels?: readonly string[]
}

export type EntityName = string

/** A field whose values identify the thing, in a namespace: equal values in one namespace mean the same thing. */
export interface IdentityField {
  readonly field: string
  readonly namespace: string
  /** At most one value of this namespace per graph; a link that would join two is refused, newest links first. */
  readonly unique: boolean
}

/** Which source wins, field by field: the record changed last, or the first source in the list that has a value. */
export type MergePolicy =
  | { readonly method: 'timestamp' }
  | { readonly method: 'precedence'; readonly sources: readonly string[] }

/** How rows of an entity become rows of the unified store. */
export type EntityGrain =
  /** Records of several sources become one thing (person, account, opportunity, campaign, list). */
  | 'stitched'
  /** A row that ties two things together; one per source record. */
  | 'relation'
  /** Something that happened to a person at a time; never changed, only appended. */
  | 'event'

export interface EntitySchema {
  readonly name: EntityName
  readonly grain: EntityGrain
  readonly description: string
  /** Namespace of the records' own source keys: `b2b_person`. */
  readonly namespace: string
  /** Dotted names stand for nested objects: `consents.marketing.email`. */
  readonly fields: Readonly<Record<string, Field>>
  readonly identities: readonly IdentityField[]
  readonly mergePolicy: MergePolicy
}

/** `1001@123-ABC-456.Marketo`: the identity of a record (XDM b2b-source; Adobe calls the parts sourceID, sourceInstanceID, sourceType). */
export function toSourceKey(id: string, instance: string, type: string): string {
  return `${id}@${instance}.${type}`
}

/** The field that ties a record which became part of another to that one: what still speaks of the former means the latter. */
export const mergedInto = 'mergedIntoKey'

/** Table names have no dashes: `opportunity-person` is stored in `opportunity_person`. */
export function tableOf(entity: EntityName): string {
  return entity.replaceAll('-', '_')
}
