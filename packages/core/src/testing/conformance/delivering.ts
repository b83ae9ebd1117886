// Deliveries in a check: to one audience, with jobs waited for, and who is there afterwards.
import { canonicalJson } from '../../kernel/json.js'
import type { Audience, BatchResult, Item, ItemResult, OpenDestination } from '../../plugins/sdk.js'
import type { DestinationBench } from './bench.js'

export type Operation = 'upsert' | 'remove'

const mostPolls = 1000

/** The audience of the setup, made where the connector makes them. */
export async function audienceOf(bench: DestinationBench, open: OpenDestination): Promise<Audience> {
  const audience: Audience = bench.setup.audience ?? { segment: 'conformance', list: 'Conformance' }
  if (audience.remoteId !== undefined || !open.ensureAudience) return audience
  const { remoteId } = await open.ensureAudience(audience)
  return { ...audience, remoteId }
}

export interface Sending {
  readonly audience: Audience
  readonly items: readonly Item[]
  readonly id?: string
}

export async function deliver(bench: DestinationBench, open: OpenDestination, operation: Operation, { audience, items, id = 'delivery-1' }: Sending): Promise<readonly ItemResult[]> {
  let answer: BatchResult = await open[operation]({ id, at: bench.clock.now(), audience, items })
  for (let polls = 0; 'job' in answer; polls++) {
    if (!open.poll) throw new Error(`it answers with job ${answer.job.id}, and has no poll`)
    if (polls >= mostPolls) throw new Error(`job ${answer.job.id} does not end`)
    bench.clock.advance(answer.job.pollAfterMs)
    answer = await open.poll(answer.job.id)
  }
  return answer.items
}

/** Who is in the audience, in some order of their own; undefined when neither the connector nor the setup can tell. */
export async function membersOf(bench: DestinationBench, open: OpenDestination, audience: Audience): Promise<readonly string[] | undefined> {
  const { server } = bench.setup
  if (server?.members) return [...(await server.members())].sort()
  if (!open.members) return undefined
  const members: string[] = []
  for await (const page of open.members(audience)) members.push(...page.map(({ identities, sourceKey = '' }) => `${canonicalJson(identities)} ${sourceKey}`))
  return members.sort()
}

/** Somebody whom the system has never heard of, by every identity that the destination finds people by. */
export function aStranger(bench: DestinationBench, number: number, parts: Partial<Item> = {}): Item {
  const identities = Object.fromEntries(bench.side.capabilities.identities.map((each) => [each, each === 'email' ? `stranger${String(number)}@conformance.example` : `stranger-${String(number)}`]))
  return { key: `9:${String(number)}:1`, identities, sourceKeys: [], payload: {}, ...parts }
}

/** What is wrong with results that are not one for each item. */
export function findMissingResults(items: readonly Item[], results: readonly ItemResult[]): readonly string[] {
  const counts = new Map(items.map(({ key }) => [key, 0]))
  for (const { key } of results) counts.set(key, (counts.get(key) ?? Number.NEGATIVE_INFINITY) + 1)
  const countOf = (fits: (count: number) => boolean): number => [...counts.values()].filter(fits).length
  const [none, several, strange] = [countOf((each) => each === 0), countOf((each) => each > 1), countOf((each) => each < 0)]
  return [
    ...(none === 0 ? [] : [`${String(none)} of ${String(items.length)} items have no result`]),
    ...(several === 0 ? [] : [`${String(several)} of ${String(items.length)} items have several results`]),
    ...(strange === 0 ? [] : [`${String(strange)} results are of no item`]),
  ]
}

export function isDone({ status }: ItemResult): boolean {
  return status === 'ok' || status === 'noop'
}

/** `rejected (crm/no-match), ok` */
export function statusesOf(results: readonly ItemResult[]): string {
  return results.map(({ status, code }) => (code === undefined ? status : `${status} (${code})`)).join(', ')
}
