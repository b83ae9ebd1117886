// One read of one table, from its checkpoint to now.
import { type ConnectorContext, type Json, type JsonObject, type ReadPart, type ReadRequest } from '@cdpkit/core/sdk'
import { asList, asObject, asText } from '../answer.js'
import { type TableDescription, chooseColumns, describeTable } from './describe.js'
import { toChange } from './rows.js'
import { type Answer, type Session, toError } from './session.js'

interface Checkpoint {
  readonly columns: readonly string[]
  /** The page that comes next in a read that goes on. */
  readonly next?: string
  /** Where the changes since the last read are. */
  readonly delta?: string
  /** Without change tracking: everything up to here is known. */
  readonly upToMs?: number
  /** Without change tracking: up to where the read that goes on will have got. */
  readonly toMs?: number
}

interface ReadingParts {
  readonly context: ConnectorContext
  readonly session: Session
  readonly request: ReadRequest
  readonly currencies: () => Promise<ReadonlyMap<string, string>>
}

interface PagesOptions {
  readonly prefer: readonly string[]
  /** They bring all rows that are there: those that vanished without a trace are found by that. */
  readonly isWhole: boolean
  readonly toCheckpoint: (link: Pick<Checkpoint, 'next' | 'delta'>) => Checkpoint
}

const version = 1
const annotations = 'odata.include-annotations="Microsoft.Dynamics.CRM.lookuplogicalname,OData.Community.Display.V1.FormattedValue"'
const pageSize = 'odata.maxpagesize=5000'

export class Reading {
  readonly #table: string
  #description: TableDescription | undefined
  #columns: readonly string[] = []
  #currencies: ReadonlyMap<string, string> = new Map()

  constructor(private readonly parts: ReadingParts) {
    this.#table = asText(parts.request.config['table']) || parts.request.stream
  }

  async *read(): AsyncIterable<ReadPart> {
    const { request, session } = this.parts
    this.#description = await describeTable(session, this.#table)
    this.#columns = chooseColumns(this.#description, withAdded(request))
    if (this.#columns.includes('_transactioncurrencyid_value')) this.#currencies = await this.parts.currencies()
    const known = readCheckpoint(request.checkpoint)
    // A column that was never read is missing in everything that was.
    const checkpoint = known && this.#columns.every((each) => known.columns.includes(each)) ? known : undefined
    if (this.#description.isTracked) yield* this.tracked(checkpoint)
    else yield* this.byTime(checkpoint)
  }

  private get description(): TableDescription {
    if (!this.#description) throw new Error('the table is described before it is read')
    return this.#description
  }

  private async *tracked(checkpoint: Checkpoint | undefined): AsyncIterable<ReadPart> {
    const prefer = ['odata.track-changes', pageSize, annotations]
    const link = checkpoint?.next ?? checkpoint?.delta
    const first = link === undefined ? undefined : await this.parts.session.ask(link, prefer)
    if (first && !first.ok && !isExpired(first)) throw toError(first)
    if (first && !first.ok) this.tell(`${this.#table}: the changes since the last read are not kept any more (${first.message}); all rows are read again`)
    // The columns are those of the first read of a chain: a link knows them.
    const answer = first?.ok === true ? first : await this.parts.session.ask(`${this.description.set}?$select=${this.#columns.join(',')}`, prefer)
    const columns = first?.ok === true ? (checkpoint?.columns ?? this.#columns) : this.#columns
    yield* this.pages(answer, { prefer, isWhole: first?.ok !== true, toCheckpoint: (link) => ({ columns, ...link }) })
  }

  private async *byTime(checkpoint: Checkpoint | undefined): AsyncIterable<ReadPart> {
    const prefer = [pageSize, annotations]
    const { session, request } = this.parts
    const toMs = checkpoint?.toMs ?? Math.floor(session.serverMs / 1000) * 1000
    const { upToMs } = checkpoint ?? {}
    const since = upToMs === undefined ? (request.since === undefined ? undefined : Date.parse(request.since)) : upToMs - session.options.overlapMs
    const filter = since === undefined ? '' : `&$filter=modifiedon ge ${time(since)} and modifiedon le ${time(toMs)}`
    const path = `${this.description.set}?$select=${this.#columns.join(',')}${filter}&$orderby=modifiedon asc,${this.description.key} asc`
    const going = checkpoint?.next === undefined ? undefined : await session.ask(checkpoint.next, prefer)
    // A page that is not kept any more is found again from the start of its window.
    if (going && !going.ok && going.status !== 400) throw toError(going)
    const answer = going?.ok === true ? going : await session.ask(path, prefer)
    const before = upToMs === undefined ? {} : { upToMs }
    yield* this.pages(answer, {
      prefer, isWhole: since === undefined && going?.ok !== true,
      toCheckpoint: ({ next }) => (next === undefined ? { columns: this.#columns, upToMs: toMs } : { columns: this.#columns, ...before, next, toMs }),
    })
  }

  private async *pages(first: Answer, { prefer, isWhole, toCheckpoint }: PagesOptions): AsyncIterable<ReadPart> {
    let answer = first
    if (isWhole) yield { everything: 'begins' }
    for (;;) {
      if (!answer.ok) throw toError(answer)
      const body = asObject(answer.value)
      const rows = asList(body['value'])
      if (rows.length > 0) yield { records: rows.map((row) => toChange(row, { key: this.description.key, currencies: this.#currencies })) }
      const [next, delta] = [asText(body['@odata.nextLink']), asText(body['@odata.deltaLink'])]
      if (isWhole && next === '') yield { everything: 'ends' }
      yield { checkpoint: { version, ...toCheckpoint(next !== '' ? { next } : delta !== '' ? { delta } : {}) } as unknown as Json }
      if (next === '') return
      answer = await this.parts.session.ask(next, prefer)
    }
  }

  private tell(message: string): void {
    this.parts.context.log.write('warn', message, { stream: this.parts.request.stream })
  }
}

function withAdded({ fields, config }: ReadRequest): readonly string[] | undefined {
  const added = Array.isArray(config['fields']) ? (config['fields'] as readonly Json[]).map((each) => asText(each)) : []
  return fields && [...fields, ...added]
}

function isExpired({ status }: { readonly status: number }): boolean {
  return status === 400 || status === 404 || status === 410
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

function readCheckpoint(value: Json | undefined): Checkpoint | undefined {
  const found: JsonObject = asObject(value)
  return found['version'] === version && Array.isArray(found['columns']) ? (found as unknown as Checkpoint) : undefined
}
