// Random profiles of the model. Tidy ones are such as the store can hold; wild ones are as a source may send them:
// with nulls anywhere, values of other types, lists where one value is expected, relations that are absent.
import type fc from 'fast-check'
import type { FieldType } from '../../packages/core/src/entities/entity-schema.js'
import type { Json, JsonObject } from '../../packages/core/src/kernel/json.js'
import { numbers, texts, valuesOf } from './arbitrary-values.js'
import { type Draw, drawn } from './draw.js'
import { type Fields, type Model, type RelationName, relationNames } from './model.js'
import { toDocument } from './stored-form.js'

export type Tidiness = 'tidy' | 'wild'

export function arbitraryProfile(model: Model, tidiness: Tidiness): fc.Arbitrary<JsonObject> {
  return drawn((draw) => new ProfileWriter(draw, model, tidiness === 'wild').profile())
}

const counts: Readonly<Record<RelationName, readonly number[]>> = {
  accounts: [0, 1, 1, 2, 3], opportunities: [0, 1, 2, 2, 4], opportunityRoles: [0, 1, 2], campaignMemberships: [0, 1, 2], listMemberships: [0, 1, 2], events: [0, 1, 2, 4, 7],
}

/** Things of the store are always known by a key, and events have an id and a time. */
const always: ReadonlySet<string> = new Set(['personKey', 'accountKey', 'opportunityKey', 'campaignKey', 'listKey', 'eventId', 'timestamp'])

class ProfileWriter {
  #events = 0

  constructor(private readonly draw: Draw, private readonly model: Model, private readonly isWild: boolean) {}

  profile(): JsonObject {
    const relations = relationNames.flatMap((name): readonly (readonly [string, Json])[] => {
      const items = this.draw.several(counts[name], () => this.item(name, this.model.relations[name]))
      return items.length === 0 && this.draw.chance(50) ? [] : [[name, items]]
    })
    return { id: 'p', person: this.item('person', this.model.person), ...Object.fromEntries(relations) }
  }

  private item(what: RelationName | 'person', fields: Fields): JsonObject {
    const row = Object.entries(fields).flatMap(([field, type]): readonly (readonly [string, Json])[] => {
      if (field === 'eventId') return [[field, `e${String(this.#events++)}`]]
      const isNeeded = always.has(field) && !(what === 'opportunities' && field === 'accountKey')
      if (!isNeeded && this.draw.chance(25)) return []
      return [[field, this.value(field, type, isNeeded)]]
    })
    return toDocument(Object.fromEntries(row))
  }

  private value(field: string, type: FieldType, isNeeded: boolean): Json {
    if (!isNeeded && this.draw.chance(this.isWild ? 12 : 6)) return null
    if (this.isWild && !isNeeded && this.draw.chance(4)) return this.oddValue()
    if (type === 'strings') return this.draw.several([0, 1, 1, 2, 3], () => this.draw.pick(valuesOf(field, type)))
    if (field === 'identities') return this.draw.several([0, 1, 2, 3], () => this.identity())
    return this.draw.pick(valuesOf(field, type))
  }

  private identity(): JsonObject {
    return { namespace: this.draw.pick(['CRM', 'Email', 'ECID']), id: this.draw.pick(texts), primary: this.draw.chance(50) }
  }

  private oddValue(): Json {
    const { draw } = this
    return draw.one<Json>(
      [3, () => draw.pick(texts)],
      [3, () => draw.pick(numbers)],
      [2, () => draw.chance(50)],
      [2, () => draw.several([0, 1, 2], () => draw.one<Json>([2, () => draw.pick(numbers)], [2, () => draw.pick(texts)], [1, () => null]))],
      [1, () => ({ a: draw.pick(numbers), b: draw.several([0, 1, 2], () => draw.pick(texts)) })],
      [1, () => [[draw.pick(numbers)], []]],
      [1, () => ({})],
    )
  }
}
