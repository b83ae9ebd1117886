// Object types of a HubSpot account, and the associations between them, as streams.
import { type CheckResult, type ConnectorContext, type OpenSource, type ReadPart, type ReadRequest, type StreamSpec, toCheckResult } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { streams, ties } from './mappings.js'
import type { Options } from './options.js'
import { Reading } from './reading.js'
import { Session } from './session.js'

export class HubspotSource implements OpenSource {
  readonly #session: Session

  constructor(context: ConnectorContext, options: Options) {
    this.#session = new Session(context, options)
  }

  check(): Promise<CheckResult> {
    return toCheckResult(() => this.#session.get({ area: 'objects', path: 'contacts?limit=1' }), { '/url': this.#session.options.url })
  }

  async discover(): Promise<readonly StreamSpec[]> {
    return Promise.all(streams.map(async (each): Promise<StreamSpec> => {
      if (ties.test(each.name)) return { ...each, schema: { type: 'object', properties: { id: { type: 'string' }, fromId: { type: 'string' }, toId: { type: 'string' }, labels: { type: 'array', items: { type: 'string' } }, isPrimary: { type: 'boolean' } } } }
      const properties = asList(asObject(await this.#session.get({ area: 'properties', path: each.name }))['results']).map((property) => asText(property['name']))
      return { ...each, schema: { type: 'object', properties: Object.fromEntries(['id', ...properties].map((name) => [name, { type: 'string' }])) } }
    }))
  }

  read(request: ReadRequest): AsyncIterable<ReadPart> {
    return new Reading(this.#session, request).read()
  }
}
