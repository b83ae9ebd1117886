// A source that takes events, as a project has it that says nothing of its streams.
import type { Source } from '../1-project/project.js'
import { eventsConnector } from '../plugins/builtin/events/index.js'
import { aSource } from './a-project.js'

export function anEventsSource(name: string): Source {
  const streams = (eventsConnector.source?.streamsOf?.({}) ?? []).map((each) => ({ name: each.name, entity: each.entity ?? '', key: each.key ?? '', map: each.map ?? {}, config: {} }))
  return aSource(name, { connector: 'events', type: 'Events', streams })
}
