// Everything of a project that talks to Marketo, once per thing that is written: a destination with `configFrom` repeats its source.
import type { BreachPlace, GuardedProject, Json, JsonObject } from '@cdpkit/core/sdk'
import { findInstance, marketoDestinations, marketoSources } from './instances.js'

export interface MarketoSetting {
  readonly name: string
  readonly instance: string
  readonly value: Json
  readonly at: BreachPlace
}

/** What sources and destinations say under a key of their configuration, the same of one instance once. */
export function listSettings(project: GuardedProject, key: string): readonly MarketoSetting[] {
  const found = [
    ...marketoSources(project).flatMap(({ name, config }) => toSetting(`Source/${name}`, name, config, key)),
    ...marketoDestinations(project).flatMap(({ name, config }) => toSetting(`Destination/${name}`, name, config, key)),
  ]
  return found.filter((each, index) => index === found.findIndex(({ instance, value }) => instance === each.instance && value === each.value))
}

function toSetting(address: string, name: string, config: JsonObject, key: string): readonly MarketoSetting[] {
  const value = config[key]
  return value === undefined ? [] : [{ name, instance: findInstance(config) ?? '', value, at: { address, pointer: `/config/${key}` } }]
}
