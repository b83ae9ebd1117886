// The shape of each kind of document, as JSON Schema draft-07. Connector configurations are checked by the connectors' own schemas.
// Every property says what it is for: editors show that (editor-schemas.ts).
import { fieldTypes } from '../../entities/entity-schema.js'
import { labelPattern, marketingActions } from '../../entities/governance.js'
import type { DocumentKind } from '../../kernel/address.js'
import type { JsonObject } from '../../kernel/json.js'
import { generations } from '../../plugins/guardrail.js'
import { reaches } from '../../plugins/reach.js'

const name = (description: string): JsonObject => ({ type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 100, description })
const text = (description: string): JsonObject => ({ type: 'string', description })
const filled = (description: string): JsonObject => ({ type: 'string', minLength: 1, description })
const matching = (pattern: string, description: string): JsonObject => ({ type: 'string', pattern, description })
const flag = (description: string): JsonObject => ({ type: 'boolean', description })
const anything = (description: string): JsonObject => ({ type: 'object', description })
const percent = (description: string): JsonObject => ({ type: 'number', minimum: 0, maximum: 100, description })
const choice = (values: readonly string[], description: string): JsonObject => ({ enum: values, description })
const list = (items: JsonObject, description: string): JsonObject => ({ type: 'array', items, description })
const mapOf = (values: JsonObject, description: string): JsonObject => ({ type: 'object', additionalProperties: values, description })

const map = (description: string, properties: Readonly<Record<string, JsonObject>>, required: readonly string[] = []): JsonObject => ({
  type: 'object', description, properties, required, patternProperties: { '^x-': {} }, additionalProperties: false,
})

const common = {
  apiVersion: { const: 'cdp/v1', description: 'Version of the project files.' },
  kind: text('What the document is.'),
  name: name('Name of the resource: letters, digits, dots, dashes, underscores. Its address is Kind/name.'),
  description: text('For people.'),
  labels: anything('Whatever you want to mark it with; cdp does not look at it.'),
}
const document = (description: string, properties: Readonly<Record<string, JsonObject>>, required: readonly string[]): JsonObject => map(description, { ...common, ...properties }, ['name', ...required])

const days = (description: string): JsonObject => ({ type: 'integer', minimum: 1, description })
const safety = map('When a plan or a run is stopped because too many would leave.', {
  maxExitPercent: percent('A change that would remove a larger share of a segment’s members is stopped.'),
  minMembers: { type: 'integer', minimum: 0, description: 'Segments with fewer members are not guarded.' },
  maxDriftPercent: percent('How far the moves of a run may be from those that the plan showed, in percent of the members; 10 unless told.'),
})
const override: JsonObject = {
  ...map('Another limit, or none, with the reason.', {
    limit: { type: 'number', minimum: 0, description: 'The limit that holds instead.' },
    off: { const: true, description: 'It is not checked.' },
    reason: filled('Why; shown in every plan.'),
  }, ['reason']),
  oneOf: [{ required: ['limit'] }, { required: ['off'] }],
}
const guardrails = map('Limits of the B2B activation pattern that are checked.', {
  profile: choice([...generations, 'none'], 'Which generation of Adobe’s limits holds: the seed’s, those of the 2025 architecture, or none.'),
  overrides: mapOf(override, 'Guardrails with another limit here, by their id.'),
  licence: map('What was bought of Adobe; guardrails that come from it are not checked without.', {
    businessPersons: { type: 'integer', minimum: 0, description: 'Business persons that were licensed.' },
    development: flag('A development sandbox, which may hold a tenth of the people.'),
  }, ['businessPersons']),
})
const stream = map('A table of the source.', {
  name: name('What the connector calls the stream.'),
  entity: name('The entity that its records fill: person, account, opportunity …'),
  key: filled('JSONata over the source record that gives its id.'),
  cursor: filled('Field of the source record that only grows: rows at or below the last value are not read again.'),
  map: mapOf(filled('JSONata over the source record.'), 'Fields of the entity, each with JSONata over the source record.'),
  deletedWhen: filled('JSONata over the source record; where it is true the record is deleted.'),
  config: anything('What the connector needs to know about this stream.'),
}, ['name'])
const field = map('A field of the entity.', {
  type: choice(fieldTypes.filter((each) => each !== 'key'), 'string unless told. strings is a list of text, object free JSON.'),
  description: text('For people.'),
  enum: { ...list(text('A value.'), 'The values that it can have; others send the record to quarantine.'), minItems: 1 },
  minimum: { type: 'number', description: 'Smaller numbers send the record to quarantine.' },
  maximum: { type: 'number', description: 'Larger numbers send the record to quarantine.' },
  references: name('The entity whose source key the field holds.'),
  labels: list(matching(labelPattern, 'C1 … C12, I1, I2, S1, S2, PSPD, RHD, or x-….'), 'Data-usage labels: policies decide where such data may go.'),
})
const actions = (description: string): JsonObject => ({ ...list({ enum: [...marketingActions] }, description), uniqueItems: true })
const activation = map('A destination of the segment.', {
  destination: name('Name of the destination.'),
  list: filled('What the audience is called there; the segment’s name unless told.'),
  onRemove: choice(['clear', 'keep'], 'What becomes of the audience when the activation is removed: everybody leaves (clear), or it stays as it is (keep).'),
}, ['destination'])
const renamedFrom = list(name('A former name.'), 'Former names: members, history and remote audiences are kept.')
const isolation = choice(['none', 'process'], 'process: the connector works in a process of its own, so that nothing that happens to it happens to cdp. none unless told.')
const schedule = filled('Cron text of five fields: "0 6 * * *" is every day at 06:00, in the time zone of the project.')
const connector = name('The connector: built in, or of a plugin of the project.')
const config = anything('What the connector needs to know.')

export const documentSchemas: Readonly<Record<DocumentKind, JsonObject>> = {
  Project: document('The project: what belongs to it, and what holds for all of it.', {
    organization: filled('What Adobe calls an IMS org; the project’s name unless told.'), guardrails,
    plugins: list(filled('npm package, or a file (./…).'), 'Packages of connectors, from the project’s node_modules or its folder.'),
    include: list(filled('A glob, relative to this file.'), 'The files of the project.'),
    defaults: map('What commands take unless told.', { sandbox: name('Sandbox without --sandbox.'), timezone: filled('IANA name, such as Europe/Madrid; UTC unless told.') }),
    safety,
    governance: map('Policies that come with cdp.', { enable: list(filled('Name of a policy.'), 'Those that hold in this project.') }),
  }, ['include']),
  Sandbox: document('An isolated environment of the organization, with its own database and state.', {
    protect: flag('It is not destroyed, and keeps its sources and destinations.'),
    organization: filled('The organization that it belongs to, when not that of the project.'),
    vars: anything('Values of this sandbox: ${{ vars.name }} in files, $vars.name in expressions.'),
    network: map('What connectors may talk to besides the internet and private networks.', { allow: list(choice([...reaches], 'loopback: this machine (127.0.0.0/8, ::1). link-local: its link, where clouds have their metadata (169.254.0.0/16, fe80::/10).'), 'Kinds of addresses.') }),
    safety, guardrails,
    retention: map('How many days are kept of what grows for ever. What a window, a segment or an activation still needs is kept longer.', {
      eventDays: days('Events; for ever unless told.'), moveDays: days('Who entered and left which segment; 90 unless told.'),
      receiptDays: days('Requests to destinations and the answer for each record; 30 unless told.'), runDays: days('The history of runs; 90 unless told.'),
    }),
    overlays: list(
      map('A change of resources in this sandbox.', { target: filled('Kind/name or Kind/*.'), patch: anything('JSON Merge Patch: maps merge, lists replace, null removes.') }, ['target', 'patch']),
      'What is different about resources in this sandbox.',
    ),
  }, []),
  Source: document('Where records come from.', {
    connector,
    instance: filled('sourceInstanceID of its records; the source’s name, or what the connector knows, unless told.'),
    type: matching('^[A-Za-z0-9_-]+$', 'sourceType of its records; the connector’s unless told.'),
    config,
    streams: { ...list(stream, 'What is read; all streams that the connector knows unless told.'), minItems: 1 },
    schedule,
    isolation,
    backfill: map('How far back the first read goes.', { since: matching('^\\d{4}-\\d{2}-\\d{2}', 'Older records are not read.') }, ['since']),
  }, ['connector']),
  Schema: document('An entity: its fields, what identifies it, which source wins.', {
    extends: filled('The entity of the B2B pack that it adds to: b2b/person.'),
    grain: choice(['stitched', 'relation'], 'stitched: records of several sources become one thing. relation: one row per record, tying two things.'),
    fields: mapOf(field, 'Fields by name; dots for nested ones.'),
    identities: list(
      map('A field that identifies.', { field: filled('Name of the field.'), namespace: filled('Equal values in one namespace mean the same thing: email, ecid, b2b_person …'), unique: flag('At most one value of it per person or account.') }, ['field', 'namespace']),
      'Fields by which records of one thing are found.',
    ),
    mergePolicy: map('Which source wins, field by field.', {
      method: choice(['timestamp', 'precedence'], 'timestamp: the record changed last. precedence: the first of the sources that has a value.'),
      sources: list(name('Name of a source.'), 'With precedence: sources, the strongest first.'),
    }, ['method']),
  }, []),
  // What `deny` may be is checked where it is read: a recursive form has no message that helps.
  Policy: document('What labelled data may not be used for.', {
    marketingActions: { ...actions('Destinations with one of these actions; every activation unless told.'), minItems: 1 },
    deny: { type: ['string', 'object'], description: 'A label, or { all: […] } or { any: […] } of labels: data for which it holds may not go there.' },
    enabled: flag('It holds; true unless told.'),
  }, ['deny']),
  Segment: document('A condition on people or accounts, and where its members are delivered.', {
    entity: choice(['person', 'account'], 'Whom it holds; people unless told.'),
    expression: filled('JSONata: members are those for whom it is true. It sees person, accounts, opportunities, events, segments …'),
    paths: map('By which way accounts and opportunities of a person are found.', {
      accounts: choice(['direct', 'relation', 'opportunity', 'any'], 'direct: named on the person. relation: by an account-person row. opportunity: through a role on a deal. any unless told.'),
      opportunities: choice(['role', 'account', 'any'], 'role: the person has a role on it (unless told). account: it belongs to one of the person’s accounts.'),
    }),
    renamedFrom, safety,
    evaluation: map('How it is evaluated.', {
      mode: choice(['streaming', 'batch', 'on-change'], 'streaming: with each event; only for expressions that read people and events. batch: on the schedule. on-change: after each read, for whom it touched.'),
      schedule,
    }),
    activate: list(activation, 'Where its members are delivered.'),
    lint: map('Checks of the expression.', { off: list(filled('Code of a warning.'), 'Warnings that are not told.') }),
  }, ['expression']),
  Destination: document('Where memberships are delivered.', {
    connector,
    configFrom: filled('Source/name whose config it shares; config adds to it.'),
    config,
    dryRun: flag('Nothing is sent.'),
    isolation,
    protect: flag('It is not removed.'),
    renamedFrom,
    reconcile: filled('Cron text of five fields: when its audiences are read back and mended, where the connector can tell who is in them.'),
    party: choice(['first', 'third'], 'Whose system it is: yours (first) or somebody else’s (third). What the connector says unless told.'),
    marketingActions: actions('What it is used for; policies look at it. What the connector says unless told.'),
    consent: map('Who may be sent there.', { require: list(filled('A path below consents: marketing.email.'), 'Choices of the person; one that refuses withholds them.'), onUnknown: choice(['send', 'withhold'], 'What becomes of people whose choice is missing, unknown or pending.') }),
  }, ['connector']),
}

/** Documents of `*.test.yaml` files. What a profile may have follows from the entities of the project (segment-tests/to-profile.ts). */
export const segmentTestSchema: JsonObject = map('A test of a segment: profiles in, members out.', {
  ...common,
  segment: name('Name of the segment.'),
  now: filled('The instant of the evaluation: 2026-11-23T06:00:00Z.'),
  vars: anything('Values of sandbox variables for this test.'),
  profiles: { type: 'object', minProperties: 1, additionalProperties: { type: ['object', 'null'], description: 'A profile as an expression sees it.' }, description: 'Profiles by a name of your choice.' },
  members: list(text('Name of a profile.'), 'Those who should be in.'),
  errors: mapOf(matching('^[A-Z][0-9]{4}$', 'A code of JSONata.'), 'Profiles on which the expression should fail, with the code.'),
}, ['segment', 'profiles', 'members'])
