// The shape of each kind of document, as JSON Schema draft-07. Connector configurations are checked by the connectors' own schemas.
import { fieldTypes } from '../../entities/entity-schema.js'
import { labelPattern, marketingActions } from '../../entities/governance.js'
import type { DocumentKind } from '../../kernel/address.js'
import type { JsonObject } from '../../kernel/json.js'
import { generations } from '../../plugins/guardrail.js'

const name: JsonObject = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 100, description: 'Letters, digits, dots, dashes, underscores.' }
const text: JsonObject = { type: 'string' }
const filled: JsonObject = { type: 'string', minLength: 1 }
const flag: JsonObject = { type: 'boolean' }
const anything: JsonObject = { type: 'object' }
const names: JsonObject = { type: 'array', items: name }
const percent: JsonObject = { type: 'number', minimum: 0, maximum: 100 }
const count: JsonObject = { type: 'integer', minimum: 0 }

const map = (properties: Readonly<Record<string, JsonObject>>, required: readonly string[] = []): JsonObject => ({
  type: 'object', properties, required, patternProperties: { '^x-': {} }, additionalProperties: false,
})
const document = (properties: Readonly<Record<string, JsonObject>>, required: readonly string[]): JsonObject =>
  map({ apiVersion: { const: 'cdp/v1' }, kind: text, name, description: text, labels: anything, ...properties }, ['name', ...required])

const safety = map({ maxExitPercent: percent, minMembers: count, maxDriftPercent: percent })
const override: JsonObject = {
  ...map({ limit: { type: 'number', minimum: 0 }, off: { const: true }, reason: { ...filled, description: 'Why; shown in every plan.' } }, ['reason']),
  oneOf: [{ required: ['limit'] }, { required: ['off'] }],
}
const guardrails = map({ profile: { enum: [...generations, 'none'] }, overrides: { type: 'object', additionalProperties: override } })
const pathsOf = map({ accounts: { enum: ['direct', 'relation', 'opportunity', 'any'] }, opportunities: { enum: ['role', 'account', 'any'] } })
const stream = map(
  { name, entity: name, key: filled, cursor: filled, map: { type: 'object', additionalProperties: filled }, deletedWhen: filled, config: anything },
  ['name'],
)
const field = map({
  type: { enum: fieldTypes.filter((each) => each !== 'key') }, description: text, enum: { type: 'array', items: text, minItems: 1 }, minimum: { type: 'number' }, maximum: { type: 'number' },
  references: name, labels: { type: 'array', items: { type: 'string', pattern: labelPattern } },
})
const actions: JsonObject = { type: 'array', items: { enum: [...marketingActions] }, uniqueItems: true }
const activation = map({ destination: name, list: filled, onRemove: { enum: ['clear', 'keep'] } }, ['destination'])

export const documentSchemas: Readonly<Record<DocumentKind, JsonObject>> = {
  Project: document({
    organization: filled, guardrails, plugins: { type: 'array', items: filled }, include: { type: 'array', items: filled },
    defaults: map({ sandbox: name, timezone: filled }), safety, governance: map({ enable: { type: 'array', items: filled } }),
  }, ['include']),
  Sandbox: document({
    protect: flag, organization: filled, vars: anything, safety, guardrails,
    overlays: { type: 'array', items: map({ target: filled, patch: anything }, ['target', 'patch']) },
  }, []),
  Source: document({ connector: name, instance: filled, type: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' }, config: anything, streams: { type: 'array', items: stream, minItems: 1 }, schedule: filled, backfill: map({ since: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}' } }, ['since']) }, ['connector']),
  Schema: document({
    extends: filled, grain: { enum: ['stitched', 'relation'] }, fields: { type: 'object', additionalProperties: field },
    identities: { type: 'array', items: map({ field: filled, namespace: filled, unique: flag }, ['field', 'namespace']) },
    mergePolicy: map({ method: { enum: ['timestamp', 'precedence'] }, sources: names }, ['method']),
  }, []),
  // What `deny` may be is checked where it is read: a recursive form has no message that helps.
  Policy: document({ marketingActions: { ...actions, minItems: 1 }, deny: { type: ['string', 'object'] }, enabled: flag }, ['deny']),
  Segment: document({
    entity: { enum: ['person', 'account'] }, expression: filled, paths: pathsOf, renamedFrom: names, safety,
    evaluation: map({ mode: { enum: ['streaming', 'batch', 'on-change'] }, schedule: filled }),
    activate: { type: 'array', items: activation }, lint: map({ off: { type: 'array', items: filled } }),
  }, ['expression']),
  Destination: document({
    connector: name, configFrom: filled, config: anything, dryRun: flag, protect: flag, renamedFrom: names,
    party: { enum: ['first', 'third'] }, marketingActions: actions, consent: map({ require: { type: 'array', items: filled }, onUnknown: { enum: ['send', 'withhold'] } }),
  }, ['connector']),
}

/** Documents of `*.test.yaml` files. What a profile may have follows from the entities of the project (segment-tests/to-profile.ts). */
export const segmentTestSchema: JsonObject = map({
  apiVersion: { const: 'cdp/v1' }, kind: text, name, description: text, labels: anything, segment: name, now: filled, vars: anything,
  profiles: { type: 'object', minProperties: 1, additionalProperties: { type: ['object', 'null'] } },
  members: { type: 'array', items: text },
  errors: { type: 'object', additionalProperties: { type: 'string', pattern: '^[A-Z][0-9]{4}$' } },
}, ['segment', 'profiles', 'members'])
