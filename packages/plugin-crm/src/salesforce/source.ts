// Objects of an organization as streams. The first read takes everything, as a bulk job or as pages of a query; later reads
// take what changed since, with an overlap for rows that were committed late. Both take the recycle bin, which tells who is gone.
import { type CheckResult, type ConnectorContext, type JsonObject, type OpenSource, type ReadPart, type ReadRequest, type StreamSpec, toCheckResult } from '@cdpkit/core/sdk'
import { asList, asText } from '../answer.js'
import { describeObject, toJsonSchema } from './describe.js'
import { streams } from './mappings.js'
import type { Options } from './options.js'
import { Reading } from './reading.js'
import { Session } from './session.js'

export class SalesforceSource implements OpenSource {
  readonly #session: Session

  constructor(private readonly context: ConnectorContext, options: Options) {
    this.#session = new Session(context, options)
  }

  check(): Promise<CheckResult> {
    return toCheckResult(() => this.#session.get({ path: '/limits' }), { '/loginUrl': this.#session.options.loginUrl })
  }

  /** Our streams that the organization has, and its custom objects. */
  async discover(): Promise<readonly StreamSpec[]> {
    const { value } = await this.#session.get({ path: '/sobjects' })
    const names = asList((value as JsonObject)['sobjects']).filter((each) => each['queryable'] === true).map((each) => asText(each['name']))
    const found: StreamSpec[] = []
    for (const name of names) {
      const known = streams.find((each) => each.name === name)
      if (!known && !name.endsWith('__c')) continue
      const schema = toJsonSchema(await describeObject(this.#session, name))
      found.push(known ? { ...known, schema } : { name, key: 'Id', schema })
    }
    return found
  }

  read(request: ReadRequest): AsyncIterable<ReadPart> {
    return new Reading(this.context, this.#session, request).read()
  }
}
