// What a destination does with batches: a result for each item, the same state after a repeat, no error for who is not there.
import { canonicalJson } from '../../../kernel/json.js'
import type { Audience, Item, Json, OpenDestination } from '../../../plugins/sdk.js'
import type { DestinationBench } from '../bench.js'
import { type ConformanceCheck, type Outcome, failed, notApplicable, outcomeOf, passed } from '../check.js'
import { aStranger, audienceOf, deliver, findMissingResults, isDone, membersOf, statusesOf } from '../delivering.js'

interface Prepared {
  readonly bench: DestinationBench
  readonly open: OpenDestination
  readonly audience: Audience
  readonly known: readonly Item[]
}

/** A check that sends people whom the system takes. */
function sending(id: string, shows: string, run: (prepared: Prepared) => Promise<Outcome>): ConformanceCheck {
  return {
    id: `destination/${id}`, of: 'destination', shows,
    run: async (bench) => {
      const { known = [] } = bench.setup
      if (known.length < 2) return notApplicable('the setup knows no two people whom the system takes (known)')
      const open = bench.open()
      return run({ bench, open, audience: await audienceOf(bench, open), known })
    },
  }
}

export const deliveringChecks: readonly ConformanceCheck[] = [
  { id: 'destination/opened', of: 'destination', shows: 'can do what its capabilities say: jobs, reading back', run: (bench) => Promise.resolve(outcomeOf(findBrokenPromises(bench))) },
  {
    id: 'destination/audience', of: 'destination', shows: 'makes an audience once, and finds it afterwards',
    run: async (bench) => {
      const open = bench.open()
      if (!open.ensureAudience) return notApplicable('it makes no audiences')
      return outcomeOf(await findAudienceMistakes(bench, open))
    },
  },
  sending('takes', 'takes people whom the system knows', async ({ bench, open, audience, known }) => {
    const results = await deliver(bench, open, 'upsert', { audience, items: known })
    return results.every(isDone) ? passed : failed(`the known people are not taken: ${statusesOf(results)}`)
  }),
  sending('results', 'gives every item exactly one result', async ({ bench, open, audience, known }) => {
    const items = [...known, aStranger(bench, 1), aStranger(bench, 2)]
    const wrong: string[] = []
    for (const operation of ['upsert', 'remove'] as const) wrong.push(...findMissingResults(items, await deliver(bench, open, operation, { audience, items, id: operation })).map((each) => `${operation}: ${each}`))
    return outcomeOf(wrong)
  }),
  sending('partial', 'tells of a batch that is partly refused who was, and takes the others', async ({ bench, open, audience, known }) => {
    const { refused } = bench.setup
    if (!refused) return notApplicable('the setup has nobody whom the system refuses (refused)')
    const [first, ...others] = known
    const results = await deliver(bench, open, 'upsert', { audience, items: [...(first ? [first] : []), refused, ...others] })
    const [own] = results.filter((each) => each.key === refused.key)
    const rest = results.filter((each) => each.key !== refused.key)
    return outcomeOf([
      ...((own?.status === 'rejected' || own?.status === 'unmatched') && (own.code ?? '') !== '' ? [] : [`the refused one is ${own ? statusesOf([own]) : 'without a result'}, not rejected or unmatched with a code`]),
      ...(rest.every(isDone) ? [] : [`the others are ${statusesOf(rest)}`]),
    ])
  }),
  sending('repeat', 'leaves the same state when a delivery comes twice', async ({ bench, open, audience, known }) => {
    if (!bench.side.capabilities.idempotent) return notApplicable('it does not claim to be idempotent')
    await deliver(bench, open, 'upsert', { audience, items: known })
    const before = await membersOf(bench, open, audience)
    if (!before) return notApplicable('nobody can tell who is there: the connector reads nothing back, and the setup has no server.members')
    // A daemon that was killed sends it again from a connector that remembers nothing.
    const again = bench.open()
    const results = await deliver(bench, again, 'upsert', { audience, items: known })
    return outcomeOf([
      ...(before.length === known.length ? [] : [`${String(known.length)} were put in, and ${String(before.length)} are there`]),
      ...(results.every(isDone) ? [] : [`the repeat is answered ${statusesOf(results)}`]),
      ...sameMembers(before, await membersOf(bench, again, audience)),
    ])
  }),
  sending('remove', 'takes out whom it put in, and nobody else', async ({ bench, open, audience, known }) => {
    const empty = await membersOf(bench, open, audience)
    if (!empty) return notApplicable('nobody can tell who is there: the connector reads nothing back, and the setup has no server.members')
    const [first, ...others] = known
    await deliver(bench, open, 'upsert', { audience, items: known })
    const results = await deliver(bench, open, 'remove', { audience, items: others, id: 'delivery-2' })
    const left = await membersOf(bench, open, audience)
    await deliver(bench, open, 'remove', { audience, items: first ? [first] : [], id: 'delivery-3' })
    return outcomeOf([
      ...(results.every(isDone) ? [] : [`the removal is answered ${statusesOf(results)}`]),
      ...(left?.length === empty.length + 1 ? [] : [`${String(left?.length)} are left, not ${String(empty.length + 1)}`]),
      ...sameMembers(empty, await membersOf(bench, open, audience)),
    ])
  }),
  sending('remove-absent', 'takes it as done when somebody to be taken out is not there', async ({ bench, open, audience, known }) => {
    const results = await deliver(bench, open, 'remove', { audience, items: known })
    return results.every(isDone) ? passed : failed(`the removal is answered ${statusesOf(results)}`)
  }),
  sending('match', 'tells of every item whether the system has it, and changes nothing', async ({ bench, open, audience, known }) => {
    if (!open.match) return notApplicable('it does not tell beforehand whom it would find')
    const before = await membersOf(bench, open, audience)
    const stranger = aStranger(bench, 1)
    const matches = await open.match([...known, stranger])
    const unmatched = known.filter(({ key }) => !matches.some((each) => each.key === key && each.match !== 'none'))
    return outcomeOf([
      ...(matches.length === known.length + 1 && new Set(matches.map(({ key }) => key)).size === matches.length ? [] : [`${String(known.length + 1)} items have ${String(matches.length)} answers`]),
      ...(unmatched.length === 0 ? [] : [`${String(unmatched.length)} of the known people are not found`]),
      ...sameMembers(before ?? [], (await membersOf(bench, open, audience)) ?? []),
    ])
  }),
  {
    id: 'destination/batch', of: 'destination', shows: 'takes batches as large as it says, and answers for each item of them',
    run: async (bench) => {
      const open = bench.open()
      const audience = await audienceOf(bench, open)
      const items = Array.from({ length: bench.side.capabilities.maxBatch }, (_, number) => aStranger(bench, number))
      return outcomeOf(findMissingResults(items, await deliver(bench, open, 'upsert', { audience, items })))
    },
  },
  {
    id: 'destination/odd-values', of: 'destination', shows: 'answers for items with foreign letters, with nothing, with very much and with null in them, and for no items',
    run: async (bench) => {
      const open = bench.open()
      const audience = await audienceOf(bench, open)
      const wrong: string[] = []
      for (const [what, item] of oddItems(bench)) wrong.push(...(await tryItems(() => deliver(bench, open, 'upsert', { audience, items: [item], id: what }), [item], what)), ...(await tryItems(() => deliver(bench, open, 'remove', { audience, items: [item], id: `${what}-out` }), [item], `${what}, taken out`)))
      return outcomeOf([...wrong, ...(await tryItems(() => deliver(bench, open, 'upsert', { audience, items: [] }), [], 'no items'))])
    },
  },
  sending('dry-run', 'changes nothing in a dry run', async ({ bench, open, audience, known }) => {
    const before = await membersOf(bench, open, audience)
    if (!before) return notApplicable('nobody can tell who is there: the connector reads nothing back, and the setup has no server.members')
    const dry = bench.open({ dryRun: true })
    await dry.check()
    await dry.match?.(known)
    const results = await deliver(bench, dry, 'upsert', { audience, items: known })
    const after = await membersOf(bench, open, audience)
    return outcomeOf([...findMissingResults(known, results), ...sameMembers(before, after)])
  }),
]

function findBrokenPromises(bench: DestinationBench): readonly string[] {
  const { asyncJobs, readBack } = bench.side.capabilities
  const open = bench.open()
  return [
    ...(asyncJobs === (open.poll !== undefined) ? [] : [asyncJobs ? 'it says that it answers with jobs, and has no poll' : 'it has a poll, and does not say that it answers with jobs']),
    ...((readBack === 'members') === (open.members !== undefined) ? [] : [readBack === 'members' ? 'it says that it reads members back, and has no members' : 'it has members, and does not say that it reads them back']),
  ]
}

async function findAudienceMistakes(bench: DestinationBench, open: OpenDestination): Promise<readonly string[]> {
  const audience: Audience = { segment: 'conformance', list: bench.setup.audience?.list ?? 'Conformance' }
  const first = await open.ensureAudience?.(audience)
  const second = await bench.open().ensureAudience?.(audience)
  const found = await open.findAudience?.(first?.remoteId ?? '')
  return [
    ...(first?.remoteId === second?.remoteId ? [] : [`asked twice, it gives ${String(first?.remoteId)} and ${String(second?.remoteId)}`]),
    ...(second?.created === false ? [] : ['it says that it made an audience that was there']),
    ...(open.findAudience && !found ? [`findAudience does not find ${String(first?.remoteId)}, which it has just given`] : []),
  ]
}

function sameMembers(before: readonly string[], after: readonly string[] | undefined): readonly string[] {
  return canonicalJson(before) === canonicalJson(after ?? []) ? [] : [`the members were ${String(before.length)} and are ${String(after?.length)} now, or others`]
}

const longText = 'ü'.repeat(20_000)

function oddItems(bench: DestinationBench): readonly (readonly [what: string, item: Item])[] {
  const withText = (number: number, text: string): Item => aStranger(bench, number, { identities: Object.fromEntries(bench.side.capabilities.identities.map((each) => [each, text])), payload: { text } })
  const payload = (number: number, value: Json): Item => aStranger(bench, number, { payload: value })
  return [
    ['foreign letters', withText(1, 'Zoë 田中 👩‍💻 "a,b"\n\u2028@x.example')], ['empty texts', withText(2, '')], ['no identities', aStranger(bench, 3, { identities: {} })],
    ['very long texts', payload(4, { text: longText })], ['null', payload(5, { text: null, list: [null], deep: { none: null } })], ['a payload that is null', payload(6, null)], ['lists and objects', payload(7, { list: [1, 'a', { b: true }], deep: { deeper: { deepest: 1.5 } } })],
  ]
}

async function tryItems(send: () => ReturnType<typeof deliver>, items: readonly Item[], what: string): Promise<readonly string[]> {
  try {
    return findMissingResults(items, await send()).map((each) => `${what}: ${each}`)
  } catch (error) {
    return [`${what}: it throws ${error instanceof Error ? error.message : String(error)}`]
  }
}
