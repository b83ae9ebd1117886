// Tables of a Dataverse environment as streams. Where a table tracks changes, the last page of each read gives the link to the
// next one, deletions included; where it does not, rows are read by when they were modified, with an overlap.
import { type CheckResult, type ConnectorContext, type Json, type JsonObject, type OpenSource, type ReadPart, type ReadRequest, type StreamSpec, toCheckResult } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { describeTable } from './describe.js'
import { streams } from './mappings.js'
import type { Options } from './options.js'
import { Reading } from './reading.js'
import { Session } from './session.js'

export class DynamicsSource implements OpenSource {
  readonly #session: Session
  #currencies: Promise<ReadonlyMap<string, string>> | undefined

  constructor(private readonly context: ConnectorContext, options: Options) {
    this.#session = new Session(context, options)
  }

  check(): Promise<CheckResult> {
    const { url, tokenUrl } = this.#session.options
    return toCheckResult(() => this.#session.get('WhoAmI'), { '/url': url, '/loginUrl': tokenUrl })
  }

  async discover(): Promise<readonly StreamSpec[]> {
    return Promise.all(streams.map(async (each): Promise<StreamSpec> => {
      const { columns } = await describeTable(this.#session, each.name)
      return { ...each, schema: { type: 'object', properties: Object.fromEntries([...columns].map(([name, type]) => [name, { type: jsonTypes[type] ?? 'string' }])) } }
    }))
  }

  read(request: ReadRequest): AsyncIterable<ReadPart> {
    return new Reading({ context: this.context, session: this.#session, request, currencies: () => this.currencies() }).read()
  }

  private currencies(): Promise<ReadonlyMap<string, string>> {
    this.#currencies ??= this.#session.get('transactioncurrencies?$select=transactioncurrencyid,isocurrencycode').then(toCodes)
    return this.#currencies
  }
}

const jsonTypes: Readonly<Record<string, string>> = { Integer: 'number', BigInt: 'number', Money: 'number', Decimal: 'number', Double: 'number', Boolean: 'boolean', Picklist: 'number', State: 'number', Status: 'number' }

function toCodes(answer: Json): ReadonlyMap<string, string> {
  return new Map(asList(asObject(answer)['value']).map((each: JsonObject) => [asText(each['transactioncurrencyid']).toLowerCase(), asText(each['isocurrencycode'])]))
}
