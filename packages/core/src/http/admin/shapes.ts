// The JSON Schemas of what the admin API takes and gives. The OpenAPI document is made of them, requests are checked by them, and
// tests hold every answer against them.
import { deliveryStatuses } from '../../7-activation/delivery.js'
import type { JsonObject } from '../../kernel/json.js'

export const text = (description: string): JsonObject => ({ type: 'string', description })
export const number = (description: string): JsonObject => ({ type: 'number', description })
export const count = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description })
export const flag = (description: string): JsonObject => ({ type: 'boolean', description })
export const instant = (description: string): JsonObject => ({ type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$', description })
export const choice = (values: readonly string[], description: string): JsonObject => ({ type: 'string', enum: values, description })
export const list = (items: JsonObject, description: string): JsonObject => ({ type: 'array', items, description })
export const mapOf = (values: JsonObject, description: string): JsonObject => ({ type: 'object', additionalProperties: values, description })
export const anything = (description: string): JsonObject => ({ description })
export const freeObject = (description: string): JsonObject => ({ type: 'object', description })
export const orNull = (shape: JsonObject): JsonObject => ({ ...shape, type: [shape['type'] ?? 'string', 'null'] })

/** Everything is required but what is named. */
export function object(description: string, properties: Readonly<Record<string, JsonObject>>, optional: readonly string[] = []): JsonObject {
  return { type: 'object', description, properties, required: Object.keys(properties).filter((each) => !optional.includes(each)), additionalProperties: false }
}

/** What is seen in one look grows with cdp: readers pass over what they do not know. */
function growing(description: string, properties: Readonly<Record<string, JsonObject>>, optional: readonly string[] = []): JsonObject {
  return { ...object(description, properties, optional), additionalProperties: true }
}

/** Nothing is required. */
export function options(properties: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'object', properties, additionalProperties: false }
}

export const limit: JsonObject = { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'At most so many.' }

export const problem = object('What went wrong, as RFC 9457 has it.', {
  status: { type: 'integer', description: 'The HTTP status.' }, title: text('What, in general.'), detail: text('What, in this case.'), code: text('The code, for machines.'), help: text('What to do.'),
}, ['code', 'help'])

const reason = freeObject('Why.')

export const status = growing('The sandbox in one look.', {
  project: text('Its project.'), sandbox: text('Its name.'), serial: count('The applied state.'),
  runs: list(growing('A pass.', { run: text('Its id.'), startedAt: instant('When.'), status: text('How it ended, or running.'), summary: freeObject('Its counts.') }), 'The latest passes.'),
  streams: list(growing('A stream.', { source: text('Its source.'), stream: text('Its name.'), readAt: orNull(instant('When it was last read.')), quarantined: count('Records that were refused.') }), 'What is read.'),
  profiles: object('How many there are.', { persons: count('People.'), accounts: count('Accounts.'), refusedLinks: count('Links that a guardrail refused.') }),
  segments: list(growing('A segment.', { segment: text('Its name.'), lane: text('streaming, batch or on-change.'), members: count('How many are in.'), evaluatedAt: orNull(instant('When last.')), errors: mapOf(count('Profiles.'), 'Profiles on which the expression fails, by code.'), held: reason }, ['held']), 'The segments.'),
  deliveries: list(growing('An activation.', {
    destination: text('Where to.'), segment: text('Of which segment.'), remote: count('Members there, as far as known.'), waiting: count('Still to be sent.'), dead: count('Given up.'), withheld: count('Kept out because they do not consent.'), unmatched: count('Not known there.'), lastCode: orNull(text('Of the last failure.')),
  }), 'The activations.'),
  circuits: list(freeObject('A destination that is left alone because it keeps failing.'), 'Open circuits.'),
  quarantine: list(growing('Refused records of one kind.', { code: text('Why.'), field: orNull(text('Which field.')), count: count('How many.'), example: orNull(text('One message.')) }), 'What was refused.'),
  breaches: list(freeObject('A guardrail of run time that is breached.'), 'Breaches.'),
  refused: list(growing('Refused identities of one kind.', { code: text('Why.'), namespace: text('Of which namespace.'), count: count('How many.') }), 'Identities and links that guardrails refused.'),
}, ['circuits'])

export const segments = object('The segments.', { segments: (status['properties'] as JsonObject)['segments'] as JsonObject })

export const segmentSizes = object('A segment over time.', {
  segment: text('Its name.'), members: count('How many are in now.'),
  sizes: list(object('A size.', { at: instant('Since when.'), run: text('The pass that made it so.'), members: count('How many were in.') }), 'The newest first; one for each change that a pass saw.'),
})

export const plans = object('What was applied.', { plans: list(object('An applied plan.', { serial: count('The state that it made.'), at: instant('When.') }), 'The newest first.') })
export const plan = object('An applied plan.', {
  serial: count('The state that it made.'), at: instant('When.'),
  changes: list(object('A change.', { address: text('Kind/name.'), action: choice(['create', 'update', 'rename', 'delete'], 'What was done.'), from: text('The former address of what was renamed.') }, ['from']), 'By resource.'),
})

export const profile = object('A person or an account.', {
  id: count('Its number in this sandbox.'), entity: choice(['person', 'account'], 'What it is.'), view: freeObject('What expressions see: its fields, accounts, opportunities, events.'),
  identities: list(object('An identity.', { namespace: text('Of what kind.'), value: text('Its value.') }), 'What it is known by.'),
  memberships: list(object('A membership.', { segment: text('Its segment.'), status: choice(['realized', 'exited'], 'Whether it is in.'), since: instant('Since when it is, or was, in.'), exitedAt: orNull(instant('When it left.')), withheld: list(freeObject('A destination that is not sent it, and why.'), 'Where it is kept out.') }), 'Where it is in, or left within 30 days.'),
  components: list(object('A source record that is part of it.', { sourceKey: text('Its identity: sourceID@sourceInstanceID.sourceType.'), source: text('Its source.'), stream: text('Its stream.'), changedAt: instant('Since when it is so.'), fields: freeObject('As mapped.') }), 'The records that it is made of.'),
})

export const quarantined = object('Records that were refused.', {
  records: list(object('A record.', { seq: count('Its place in the order of reading.'), source: text('Its source.'), stream: text('Its stream.'), key: orNull(text('Its key, where it has one.')), code: text('Why.'), field: orNull(text('Which field.')), message: text('What is wrong.'), record: text('The record, or its beginning.'), at: instant('When.') }), 'The newest first.'),
})

const refused = { source: text('Its source.'), stream: text('Its stream.'), code: text('Why.'), field: orNull(text('Which field.')) }
const runProperties = {
  run: text('Its id.'), serial: orNull(count('The state that it worked from.')), startedAt: orNull(instant('When it began.')), endedAt: orNull(instant('When it ended.')),
  status: choice(['queued', 'running', 'done', 'undelivered', 'failed', 'interrupted'], 'How it ended, or where it is.'), summary: freeObject('What it read, changed and delivered, how long it took, and what failed.'),
}
export const runs = object('The passes.', { runs: list(object('A pass.', runProperties), 'The newest first.') })
export const run = object('A pass.', {
  ...runProperties,
  quarantine: object('Records of it that were refused.', {
    total: count('How many.'), counts: list(object('Of one kind.', { ...refused, count: count('How many.') }), 'By kind.'),
    records: list(object('A record.', { ...refused, key: orNull(text('Its key.')), message: text('What is wrong.'), record: text('The record, or its beginning.') }), 'The first of them.'),
  }),
}, ['quarantine'])
export const startedRun = object('A pass that was asked for.', { run: text('Its id, for /v1/runs/{run}.'), status: choice(['queued'], 'It runs when those before it have ended.') })
export const wantedRun = options({
  only: { type: 'string', pattern: '^(Source|Segment|Destination)/.+$', description: 'Kind/name: this source, segment or destination alone.' },
  fullRefresh: flag('Read the sources from the beginning.'), dryRun: flag('Deliver nothing.'), retryNow: flag('Try now what waits for another try.'), reconcile: flag('Read audiences back and mend what differs.'), release: list(text('A segment.'), 'Held segments whose moves are meant.'),
})

const openStatus = choice(deliveryStatuses, 'waiting: not tried yet. retry: tried, and tried again later. sending: on its way. dead: refused, or tried for too long. unmatched: nobody there. held: the segment is held. skipped: given up by hand.')
const deliveryPlace = { destination: text('Where to.'), segment: text('Of which segment.'), status: openStatus, code: orNull(text('Why the last try failed.')) }
export const deliveries = object('What is not delivered yet.', {
  total: count('All that meet the filter.'),
  counts: list(object('Of one kind.', { ...deliveryPlace, count: count('How many.'), oldest: instant('Since when.'), nextDue: orNull(instant('When one is tried next.')) }), 'By kind.'),
  deliveries: list(object('A change that is not at its destination yet.', {
    ...deliveryPlace, id: text('The same for as long as it is open.'), profile: count('Whose.'), identity: orNull(text('namespace:value.')), change: choice(['add', 'remove'], 'What is to be sent.'), attempt: count('Tries so far.'),
    since: instant('Since when.'), dueAt: orNull(instant('When it is tried next.')), message: orNull(text('Of the last failure.')),
  }), 'Those that are shown.'),
})
export const chosenDeliveries = (filter: Readonly<Record<string, JsonObject>>): JsonObject => ({ ...options({ ids: list(text('An id.'), 'These.'), ...filter }), minProperties: 1 })
export const settledDeliveries = object('What was done.', { chosen: count('Those that met the filter.'), changed: count('Those that were changed.') })

const exported = ['identities', 'links', 'components', 'records', 'events', 'memberships', 'membershipLog', 'deliveries', 'audiences', 'waiting', 'withheld', 'quarantine', 'refusedIdentities'] as const
export const exportedProfile = object('Everything that is known of one person.', {
  at: instant('When it was asked for.'), sandbox: text('Of which sandbox.'), profile: freeObject('What expressions see.'),
  ...Object.fromEntries(exported.map((each) => [each, list(freeObject('One of them.'), `Its ${each}.`)])),
})
export const deletedProfile = object('What was deleted.', {
  request: text('Its id in the audit.'), profile: count('The number that the person had.'), status: choice(['done', 'waiting'], 'waiting: a destination could not be told yet.'),
  deleted: object('How much.', { records: count('Raw records.'), events: count('Events.'), identities: count('Identities.'), segments: count('Segments that were left.') }),
  stillThere: list(object('An audience that may still have the person.', { destination: text('Where.'), segment: text('Of which segment.'), code: orNull(text('Why.')), message: orNull(text('Why, in words.')) }), 'Later passes go on taking the person out.'),
})
