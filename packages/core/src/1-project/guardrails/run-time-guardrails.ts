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
    id: 'record-size', title: 'Record is too large', kind: 'hard', limit: 102_400, unit: 'bytes', rows: [30, 31], source: `${profileGuardrails}; ${ingestionGuardrails}`,
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

export const runTimeGuardrails: readonly RunTimeFacts[] = [...ofRecords, ...ofIdentities, ...ofRetention]
