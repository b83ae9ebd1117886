// The source of the connector `marketo`: which stream is read by which file, and what they share.
import { type CheckResult, type ConnectorContext, type JsonObject, type OpenSource, type ReadPart, type ReadRequest, type SourceConnector, type StreamSpec, connectorError } from '@cdpkit/core/sdk'
import { BulkExports } from './client/bulk.js'
import { MarketoClient } from './client/client.js'
import { checkAccess } from './check-access.js'
import { accountOf, sourceLimitsOf } from './limits.js'
import { streamsOf } from './mapping.js'
import { type SourceOptions, readSourceOptions, sourceSchema, streamSchema } from './options.js'
import { readActivities } from './streams/activities.js'
import { type LeadFields, loadLeadFields } from './streams/lead-fields.js'
import { readListMembers, readLists } from './streams/lists.js'
import { readNamedAccounts } from './streams/named-accounts.js'
import { findOldest } from './streams/oldest.js'
import { once } from './streams/once.js'
import { readPeople } from './streams/people.js'
import { readProgramMembers, readPrograms } from './streams/programs.js'
import type { ReadStream, Reading } from './streams/reading.js'
import { readCompanies, readOpportunities, readRoles } from './streams/related.js'
import { SharedPolls } from './streams/shared-polls.js'

const streams: Readonly<Record<string, ReadStream>> = {
  people: readPeople, companies: readCompanies, opportunities: readOpportunities, 'opportunity-roles': readRoles, programs: readPrograms, 'program-members': readProgramMembers,
  lists: readLists, 'list-members': readListMembers, activities: readActivities, 'named-accounts': readNamedAccounts,
}

export const marketoSource: SourceConnector = {
  capabilities: { incremental: true, deletes: 'hard', limits: sourceLimitsOf({}), continuous: true },
  defaultType: 'Marketo',
  configSchema: sourceSchema,
  streamConfigSchema: streamSchema,
  accountOf,
  limitsOf: sourceLimitsOf,
  instanceOf: ({ munchkinId }) => (typeof munchkinId === 'string' ? munchkinId : undefined),
  streamsOf,
  open: (context) => new MarketoSource(context, readSourceOptions(context.config)),
}

class MarketoSource implements OpenSource {
  readonly #client: MarketoClient
  readonly #bulk: BulkExports
  readonly #polls: SharedPolls
  readonly #leadFields: () => Promise<LeadFields>
  readonly #oldest: () => Promise<string>

  constructor(private readonly context: ConnectorContext, private readonly options: SourceOptions) {
    this.#client = new MarketoClient(context, options)
    this.#bulk = new BulkExports(this.#client, options.pollMs)
    this.#polls = new SharedPolls(this.#client)
    this.#leadFields = once(() => loadLeadFields(this.#client))
    this.#oldest = once(() => findOldest(this.#client))
  }

  check(): Promise<CheckResult> {
    return checkAccess(this.#client)
  }

  /** The streams, people's with all the fields that this instance has. */
  async discover(): Promise<readonly StreamSpec[]> {
    const { types } = await this.#leadFields()
    return streamsOf(this.context.config).map((each) => (each.name === 'people' ? { ...each, schema: { ...each.schema, properties: { ...(each.schema['properties'] as JsonObject), ...toProperties(types) } } } : each))
  }

  read(request: ReadRequest): AsyncIterable<ReadPart> {
    const stream = streams[request.stream]
    if (!stream) throw connectorError('config', { reason: `Marketo has no stream ${request.stream}`, hint: `Its streams are ${Object.keys(streams).join(', ')}.` })
    const reading: Reading = {
      client: this.#client, bulk: this.#bulk, polls: this.#polls, context: this.context, request, munchkinId: this.options.munchkinId,
      leadFields: this.#leadFields, oldest: this.#oldest,
    }
    return stream(reading)
  }
}

const jsonTypes: Readonly<Record<string, string>> = { integer: 'number', score: 'number', currency: 'number', float: 'number', percent: 'number', reference: 'number', boolean: 'boolean' }

function toProperties(types: LeadFields['types']): JsonObject {
  return Object.fromEntries([...types].filter(([name]) => name !== 'ecids' && name !== 'id').map(([name, type]) => [name, { type: jsonTypes[type] ?? 'string' }]))
}
