// Where a member is not sent because they do not consent: of the activations of a segment those whose destination asks for something
// that the person refuses. By the data at hand, so also of what no run has looked at yet.
import type { Destination, Segment } from '../1-project/project.js'
import { type Refusal, conditionsOf, findRefusal } from '../entities/consent.js'
import type { EntitySchema } from '../entities/entity-schema.js'
import { type JsonObject, isJsonObject } from '../kernel/json.js'

export interface Withholding extends Refusal {
  readonly destination: string
}

export interface WithholdingQuestion {
  readonly segment: Segment
  readonly destinations: readonly Destination[]
  readonly entities: Readonly<Record<string, EntitySchema>>
  /** What expressions see of the profile. */
  readonly view: JsonObject
}

export function findWithholdings({ segment, destinations, entities, view }: WithholdingQuestion): readonly Withholding[] {
  const [schema, person] = [entities['person'], view['person']]
  if (!schema || segment.entity !== 'person' || !isJsonObject(person ?? null)) return []
  return segment.activate.flatMap(({ destination: name }) => {
    const destination = destinations.find((each) => each.name === name)
    const refusal = destination && findRefusal(conditionsOf(destination.consent, schema), person as JsonObject)
    return refusal ? [{ destination: name, ...refusal }] : []
  })
}
