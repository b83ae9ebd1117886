// Guardrails that no file shows: records, graphs, rates. What they are checked against is applied with the project; the check is in the
// stage that sees the thing. A record that breaches a hard one goes to quarantine, a breach of the others is counted for `cdp status`.
import type { GuardrailFacts } from '../../plugins/guardrail.js'
import type { RunTimeGuardrail } from '../project.js'

export interface RunTimeFacts extends GuardrailFacts {
  readonly id: RunTimeGuardrail
}

const profileGuardrails = 'default guardrails for Real-Time Customer Profile'
const ingestionGuardrails = 'ingestion guardrails'
const identityGuardrails = 'identity service guardrails'

const ofRecords: readonly RunTimeFacts[] = [
  {
    id: 'event-size', title: 'Event is too large', kind: 'hard', limit: 10_240, unit: 'bytes', rows: [29], source: `${profileGuardrails}; ${ingestionGuardrails}`,
    why: 'Events are read by the million; one that carries a document makes every pass slower.',
    fix: 'Map only the fields that segments read, or keep the document elsewhere and send its address.',
  },
  {
    id: 'record-size', title: 'Record is too large', kind: 'hard', limit: 102_400, unit: 'bytes', rows: [30], source: `${profileGuardrails}; ${ingestionGuardrails}`,
    why: 'A profile is made of the records of its sources; large ones make look-ups and evaluations slow.',
    fix: 'Leave out what nobody reads before it comes here, or read it as a stream of its own.',
  },
  {
    id: 'row-fields', title: 'Record has too many fields', kind: 'hard', limit: 10_000, unit: 'fields', rows: [81], source: ingestionGuardrails,
    why: 'So many fields are keys that grow with the data, and belong into rows.',
    fix: 'Turn the keys that grow into records of a stream of their own.',
  },
]

const ofIdentities: readonly RunTimeFacts[] = [
  {
    id: 'graph-size', title: 'Too many identities for one person', kind: 'hard', limit: 50, unit: 'identities', rows: [24, 70], source: `${identityGuardrails}; ${profileGuardrails}`,
    why: 'A graph that large is many people who share something, not one. The newest links hold, the others are refused.',
    fix: 'Look at what they share (cdp profile get): make its namespace unique, or leave it out of the identities.',
  },
  {
    id: 'links-per-identity', title: 'Identity is shared by too many', kind: 'hard', limit: 50, unit: 'links in a batch', rows: [71], source: identityGuardrails,
    why: 'The mailbox of an office or a browser at a fair would make one person of everybody who used it.',
    fix: 'Map such addresses to another field, which is no identity.',
  },
  {
    id: 'ids-per-record', title: 'Record claims too many identities', kind: 'hard', limit: 20, unit: 'identities', rows: [72], source: `${identityGuardrails}; Marketo migration guide`,
    why: 'A record with so many identities collects them from several people or browsers.',
    fix: 'Send identities that come and go with events instead of with the record.',
  },
  {
    id: 'ecid-format', title: 'ECID is not of the right form', kind: 'hard', limit: 38, unit: 'digits', rows: [73], source: identityGuardrails,
    why: 'An ECID has 38 digits; anything else is no browser, or the wrong field.',
    fix: 'Check which field is mapped to ecid.',
  },
  {
    id: 'id-length', title: 'Identity is too long', kind: 'hard', limit: 1024, unit: 'characters', rows: [74], source: identityGuardrails,
    why: 'Such a value is a text that came into the wrong field.',
    fix: 'Check which field is mapped to the identity.',
  },
  {
    id: 'id-banned', title: 'Identity that identifies nobody', kind: 'hard', rows: [75], source: identityGuardrails,
    why: '"null", "anonymous", "invalid" and blanks stand for a missing value; taken as a value, they make one person of all who lack it.',
    fix: 'Nothing, if the source cannot leave the value out: such values are no identities here.',
  },
  {
    id: 'unique-namespace', title: 'Two identities of a unique namespace in one person', kind: 'hard', rows: [76], source: 'identity graph linking rules; identity optimization algorithm',
    why: 'A namespace that is declared unique tells people apart: the newer link holds, the older is refused.',
    fix: 'Look at who shares a device or an address, or take unique off the identity.',
  },
]

const ofRetention: readonly RunTimeFacts[] = [
  {
    id: 'exit-retention', title: 'Exited memberships are kept for a time', kind: 'hard', limit: 30, unit: 'days', rows: [68], source: 'XDM segmentation field group',
    why: 'That somebody left is a fact for a while, and clutter after it.',
    fix: 'Another number of days, if exits are needed for longer.',
  },
]

const b2bGuardrails = 'guardrails of the B2B edition'
const productDescription = 'product description of the B2B edition (2021)'

const ofEverything: readonly RunTimeFacts[] = [
  {
    id: 'events-per-profile', title: 'Person with too many events', kind: 'soft', limit: 5000, unit: 'events', rows: [34], source: profileGuardrails,
    why: 'So many events are those of a machine, or of many people; Adobe leaves such a profile out of its segments.',
    fix: 'Look at who it is (cdp profile get): leave bots out at the source, or take apart who shares an identity.',
  },
  {
    id: 'profile-size', title: 'Profile is too large', kind: 'soft', limit: 50 * 1024 * 1024, unit: 'bytes', rows: [32], source: profileGuardrails,
    why: 'Looking at such a profile takes longer than looking at thousands of others.',
    fix: 'Look at what it is made of (cdp profile get), and map less of its events.',
  },
  {
    id: 'account-identities', title: 'Too many identities for one account', kind: 'soft', limit: 50, unit: 'identities', rows: [39], source: b2bGuardrails,
    why: 'An account of so many records is several companies that share a key; Adobe leaves it out of segments, exports and look-ups.',
    fix: 'Look at the key that they share (cdp profile get): the external key of a CRM record is the key of one company.',
  },
  {
    id: 'dim-total-size', title: 'Entity is too large', kind: 'soft', limit: 5 * 1024 ** 3, unit: 'bytes', rows: [35], source: `${profileGuardrails}; ${b2bGuardrails}`,
    why: 'Entities beside people and events are joined to them in every evaluation.',
    fix: 'Map fewer of its fields, or bring only the records that somebody asks for.',
  },
  {
    id: 'array-card-profile', title: 'List in a record is too long', kind: 'soft', limit: 500, unit: 'items', rows: [22], source: profileGuardrails,
    why: 'Every evaluation that looks into the list looks at all of it.',
    fix: 'Bring the items as records of their own.',
  },
  {
    id: 'array-card-event', title: 'List in an event is too long', kind: 'soft', limit: 10, unit: 'items', rows: [23], source: profileGuardrails,
    why: 'There are many events, and each is looked at with all that it carries.',
    fix: 'Send one event for each item, or only the count.',
  },
  {
    id: 'profile-batches-day', title: 'Too many batches of people and events in a day', kind: 'soft', limit: 90, unit: 'batches a day', rows: [33], source: `${profileGuardrails}; ${ingestionGuardrails}`,
    why: 'Each batch is unified and evaluated on its own.',
    fix: 'Read less often, or several sources in one pass.',
  },
  {
    id: 'dim-batches-day', title: 'Too many batches of an entity in a day', kind: 'soft', limit: 4, unit: 'batches a day', rows: [37], source: b2bGuardrails,
    why: 'What is joined to everybody changes everybody.',
    fix: 'Read such sources a few times a day.',
  },
  {
    id: 'b2b-batches-day', title: 'Too many batches of a B2B entity in a day', kind: 'soft', limit: 45, unit: 'batches a day', rows: [43], source: b2bGuardrails,
    why: 'Accounts and opportunities change all their people.',
    fix: 'Read the source every half hour or less often.',
  },
  {
    id: 'upsert-batch', title: 'Batch changes too many records', kind: 'soft', limit: 2_000_000, unit: 'records', rows: [85], source: ingestionGuardrails,
    why: 'Changing records is dearer than adding them, and the others wait.',
    fix: 'Let the source mark what changed (a cursor), instead of sending everything again.',
  },
  {
    id: 'b2b-addressable', title: 'More people than licensed', kind: 'soft', limit: 5, unit: 'times the licensed business persons', rows: [48], source: productDescription,
    why: 'The addressable audience is five times the business persons that were bought.',
    fix: 'Leave out people whom nobody will address, or buy more.',
  },
  {
    id: 'b2b-accounts', title: 'More accounts than addressable people', kind: 'soft', limit: 1, unit: 'times the addressable audience', rows: [49], source: productDescription,
    why: 'Accounts beyond the addressable audience are paid for as people.',
    fix: 'Leave out accounts without people.',
  },
  {
    id: 'b2b-richness', title: 'Profiles are larger than licensed', kind: 'soft', limit: 102_400, unit: 'bytes a profile', rows: [50], source: productDescription,
    why: 'The licence counts on 100 KB for a profile with its events, on average.',
    fix: 'Map fewer fields, or keep old events elsewhere.',
  },
  {
    id: 'dev-sandbox', title: 'Development sandbox holds too many people', kind: 'soft', limit: 10, unit: 'percent of the addressable audience', rows: [122], source: 'sandboxes overview',
    why: 'A development sandbox is licensed for a tenth of the profiles.',
    fix: 'Give it a part of the data: a filter of the source, or another one.',
  },
  {
    id: 'b2b-entity-resolution', title: 'Accounts were not unified for too long', kind: 'latency', limit: 24, unit: 'hours', rows: [47], source: 'B2B architecture upgrade',
    why: 'New accounts and opportunities are in no segment before the next pass.',
    fix: 'Let cdp serve run, or schedule cdp run once a day.',
  },
  {
    id: 'seg-of-seg-exit', title: 'Segment of segments was not evaluated for too long', kind: 'latency', limit: 24, unit: 'hours', rows: [63], source: 'edge segmentation; B2B architecture upgrade',
    why: 'Who left a segment is still in those that read it.',
    fix: 'Evaluate it at least as often as the segments that it reads.',
  },
  {
    id: 'enterprise-latency', title: 'Deliveries are late', kind: 'latency', limit: { seed: 5, 'adobe-2025': 10 }, unit: 'minutes', rows: [9, 106], source: 'B2B activation blueprint; guardrails for destinations; HTTP API destination',
    why: 'Nineteen of twenty changes are to be delivered within the objective: five minutes to a Marketo list in the seed, ten in general later.',
    fix: 'See what holds them up: cdp deliveries list.',
  },
]

export const runTimeGuardrails: readonly RunTimeFacts[] = [...ofRecords, ...ofIdentities, ...ofRetention, ...ofEverything]
