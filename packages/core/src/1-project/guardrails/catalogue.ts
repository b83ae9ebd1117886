// The catalogue: every guardrail that Adobe documents for the pattern (123 rows, 139 single limits), and what becomes of each here. The
// texts are restated in our words; docs/reference/guardrails.md is made from this table and from the facts of the guardrails it names.
import type { GuardrailKind } from '../../plugins/guardrail.js'

export type Scope =
  | 'B2B' | 'segmentation' | 'profile' | 'dimension' | 'identity' | 'ingestion' | 'source' | 'destination' | 'sandbox' | 'licence'
  /** Only of projects that use Marketo. */
  | 'Marketo topology' | 'Marketo source' | 'Marketo destination' | 'Marketo API'

export type Treatment =
  /** Checked on project files. By a plugin where one is named: a project without it has nothing to check. */
  | { readonly is: 'rule'; readonly id: string; readonly plugin?: string }
  /** Checked while cdp works (run-time-guardrails.ts), or measured. */
  | { readonly is: 'run-time'; readonly id: string }
  /** Nothing to check, something to know. */
  | { readonly is: 'advisory'; readonly because: string }
  /** There is no such thing here. */
  | { readonly is: 'not-applicable'; readonly because: string }
  /** It cannot be breached here. */
  | { readonly is: 'by-construction'; readonly because: string }

export interface CatalogueRow {
  readonly row: number
  readonly slug: string
  readonly scope: Scope
  /** Where Adobe gives no label, what is refused, failed, skipped or dropped is hard. */
  readonly kind: GuardrailKind
  readonly limit: string
  /** What Adobe says becomes of a breach; empty where it says nothing. */
  readonly consequence: string
  readonly sources: readonly SourceKey[]
  readonly treatment: Treatment
}

const documentation = 'AdobeDocs/experience-platform.en: help'

/** Pages as Adobe publishes them, by the keys that the rows use. */
export const sources = {
  SEED: 'B2B activation blueprint, December 2021 (AdobeDocs/blueprints-learn.en: help/blueprints/b2b/b2bactivation.md)',
  BP: 'B2B activation blueprint, later versions up to August 2025 (the same page)',
  BPA: 'B2B account activation blueprint (AdobeDocs/blueprints-learn.en: help/blueprints/b2b/b2b-account-activation.md)',
  LAT: 'latency diagram of the blueprints (AdobeDocs/blueprints-learn.en: aep_edge_hub_latency_v1.svg)',
  LAT2: 'segmentation diagram of the blueprints (segmentation_guardrails.svg)',
  LAT3: 'data flow diagram of the blueprints, 2024 (aep_data_flow_guardrails.svg)',
  PG: `default guardrails for Real-Time Customer Profile (${documentation}/profile/guardrails.md)`,
  BG: `guardrails for Real-Time CDP B2B Edition (${documentation}/rtcdp/b2b-guardrails.md)`,
  IG: `guardrails for Identity Service (${documentation}/identity-service/guardrails.md)`,
  ING: `guardrails for data ingestion (${documentation}/ingestion/guardrails.md)`,
  CAP: 'licence usage and capacities (2026)',
  DG: `guardrails for destinations (${documentation}/destinations/guardrails.md)`,
  UPG: `B2B architecture upgrade, 2025 (${documentation}/rtcdp/b2b-architecture-upgrade.md)`,
  STR: `streaming segmentation (${documentation}/segmentation/methods/streaming-segmentation.md)`,
  EDGE: `edge segmentation (${documentation}/segmentation/methods/edge-segmentation.md)`,
  AA: `account audiences (${documentation}/segmentation/types/account-audiences.md)`,
  FAE: `flexible audience evaluation (${documentation}/segmentation/methods/flexible-audience-evaluation.md)`,
  FAQ: `segmentation FAQ (${documentation}/segmentation/faq.md)`,
  SEGUI: `segmentation UI guide (${documentation}/segmentation/ui)`,
  SEGM: `segmentation fields of profiles (${documentation}/xdm/field-groups/profile/segmentation.md)`,
  MP: `merge policies overview (${documentation}/profile/merge-policies/overview.md)`,
  LINK: `identity graph linking rules (${documentation}/identity-service/identity-graph-linking-rules/overview.md)`,
  ALG: `identity optimization algorithm (${documentation}/identity-service/identity-optimization-algorithm.md)`,
  NPRI: `namespace priority (${documentation}/identity-service/namespace-priority.md)`,
  MIG: `Marketo source, migration (${documentation}/sources/connectors/adobe-applications/marketo/migration.md)`,
  CRMF: `dataflow for CRM sources (${documentation}/sources/tutorials/ui/dataflow/crm.md)`,
  MV2: `Marketo destination V2 (${documentation}/destinations/catalog/adobe/marketo-engage.md)`,
  MPS: `Marketo Engage Person Sync (${documentation}/destinations/catalog/adobe/marketo-engage-person-sync.md)`,
  MPUSH: 'push a segment to a Marketo static list (AdobeDocs/marketo.en: help/marketo/product-docs/…/static-lists)',
  ORG: 'set up Adobe organization mapping (AdobeDocs/marketo.en: help/marketo/product-docs/…/miscellaneous)',
  MKA: 'Marketo Integration Best Practices; rate limits as others met them (api-evangelist/marketo, MicrosoftDocs/powerbi-docs#635)',
  HTTP: `HTTP API destination (${documentation}/destinations/catalog/streaming/http-destination.md)`,
  PEB: `profile export behaviour (${documentation}/destinations/how-destinations-work/profile-export-behavior.md)`,
  ACT: `activate account audiences (${documentation}/destinations/ui/activate-account-audiences.md)`,
  SFD: `Salesforce CRM destination (${documentation}/destinations/catalog/crm/salesforce.md)`,
  SBX: `sandboxes overview (${documentation}/sandboxes/home.md)`,
  PD: 'Real-Time CDP (B2B Edition) product description, November 2021',
} as const
export type SourceKey = keyof typeof sources

export const catalogue: readonly CatalogueRow[] = [
  { row: 1, slug: 'topo-marketo-source-many-orgs', scope: 'Marketo topology', kind: 'hard', limit: '1 Marketo → >1 org as source', consequence: 'unsupported: reject plan', sources: ['SEED', 'BP'], treatment: { is: 'rule', id: 'topo-marketo-source-many-orgs', plugin: '@cdpkit/plugin-marketo' } },
  { row: 2, slug: 'topo-marketo-source-many-to-many', scope: 'Marketo topology', kind: 'hard', limit: '>1 Marketo ↔ >1 org as source', consequence: 'unsupported (seed)', sources: ['SEED'], treatment: { is: 'rule', id: 'topo-marketo-source-many-to-many', plugin: '@cdpkit/plugin-marketo' } },
  { row: 3, slug: 'crm-route', scope: 'Marketo source', kind: 'advisory', limit: 'CRM synced into Marketo ⇒ ingest via Marketo; CRM connector only for extra tables', consequence: 'double ingestion otherwise', sources: ['SEED', 'BP'], treatment: { is: 'rule', id: 'crm-route', plugin: '@cdpkit/plugin-marketo' } },
  { row: 4, slug: 'no-nurture', scope: 'B2B', kind: 'advisory', limit: 'lead initiation/nurture from CDP alone', consequence: 'not recommended; use a nurture tool', sources: ['SEED'], treatment: { is: 'rule', id: 'no-nurture' } },
  { row: 5, slug: 'seg-b2b-batch', scope: 'segmentation', kind: 'hard', limit: 'multi-entity ⇒ batch only', consequence: 'never streams', sources: ['SEED', 'STR'], treatment: { is: 'rule', id: 'segment-needs-batch' } },
  { row: 6, slug: 'lat-marketo-backfill', scope: 'Marketo source', kind: 'latency', limit: '≤7 days', consequence: 'volume dependent', sources: ['SEED', 'BP'], treatment: { is: 'advisory', because: 'How long a backfill takes depends on the volume, which only the backfill learns; it goes on where it was stopped, and cdp run shows how far it is and the time left.' } },
  { row: 7, slug: 'lat-marketo-profile', scope: 'Marketo source', kind: 'latency', limit: '~5 min (later ~10)', consequence: 'profile freshness', sources: ['SEED', 'BP'], treatment: { is: 'rule', id: 'lat-marketo-profile', plugin: '@cdpkit/plugin-marketo' } },
  { row: 8, slug: 'lat-marketo-lake', scope: 'Marketo source', kind: 'latency', limit: '~15 min (later ≤60)', consequence: 'lake freshness', sources: ['SEED', 'BP'], treatment: { is: 'rule', id: 'lat-marketo-lake', plugin: '@cdpkit/plugin-marketo' } },
  { row: 9, slug: 'lat-marketo-dest-stream', scope: 'Marketo destination', kind: 'latency', limit: '≤5 min (later ≤15 after evaluation)', consequence: 'list freshness', sources: ['SEED', 'BP'], treatment: { is: 'run-time', id: 'enterprise-latency' } },
  { row: 10, slug: 'lat-marketo-dest-batch', scope: 'Marketo destination', kind: 'latency', limit: 'once per day with the segmentation schedule', consequence: 'B2B audiences always here', sources: ['SEED', 'BP'], treatment: { is: 'by-construction', because: 'Who enters or leaves is delivered by the run that evaluates the segment; how often that is, batch-frequency looks at.' } },
  { row: 11, slug: 'lat-marketo-dest-first', scope: 'Marketo destination', kind: 'latency', limit: '≤24 h first activation', consequence: 'backfill of existing members', sources: ['BP', 'MPUSH'], treatment: { is: 'by-construction', because: 'The run after the apply delivers the members that a segment already has; the plan tells in how many requests.' } },
  { row: 12, slug: 'marketo-dest-ids', scope: 'Marketo destination', kind: 'hard', limit: 'email and ECID only', consequence: 'nothing else identifies', sources: ['SEED', 'MV2'], treatment: { is: 'rule', id: 'marketo-dest-ids', plugin: '@cdpkit/plugin-marketo' } },
  { row: 13, slug: 'marketo-dest-match-only', scope: 'Marketo destination', kind: 'hard', limit: 'no lead creation (default)', consequence: 'unmatched members skipped', sources: ['SEED'], treatment: { is: 'rule', id: 'marketo-dest-match-only', plugin: '@cdpkit/plugin-marketo' } },
  { row: 14, slug: 'marketo-dest-preload', scope: 'Marketo destination', kind: 'advisory', limit: 'leads/contacts must already exist in Marketo', consequence: 'no match otherwise', sources: ['SEED'], treatment: { is: 'rule', id: 'marketo-dest-preload', plugin: '@cdpkit/plugin-marketo' } },
  { row: 15, slug: 'marketo-dest-one-creator', scope: 'Marketo destination', kind: 'advisory', limit: 'not V2 create mode + Person Sync together', consequence: 'double creation', sources: ['MPS'], treatment: { is: 'rule', id: 'marketo-dest-one-creator', plugin: '@cdpkit/plugin-marketo' } },
  { row: 16, slug: 'marketo-hipaa', scope: 'Marketo topology', kind: 'hard', limit: 'HIPAA-ready instance cannot be mapped to an org', consequence: 'no integration', sources: ['ORG'], treatment: { is: 'rule', id: 'marketo-hipaa', plugin: '@cdpkit/plugin-marketo' } },
  { row: 17, slug: 'profile-datasets', scope: 'profile', kind: 'soft', limit: '20 Individual Profile datasets', consequence: 'degradation', sources: ['PG'], treatment: { is: 'rule', id: 'profile-datasets' } },
  { row: 18, slug: 'event-datasets', scope: 'profile', kind: 'soft', limit: '20 ExperienceEvent datasets', consequence: 'degradation', sources: ['PG'], treatment: { is: 'rule', id: 'event-datasets' } },
  { row: 19, slug: 'analytics-suites', scope: 'profile', kind: 'soft', limit: '1 report suite per profile store', consequence: 'data quality', sources: ['PG'], treatment: { is: 'not-applicable', because: 'No connector reads Adobe Analytics report suites; events come from the streams that the project names.' } },
  { row: 20, slug: 'multi-entity-relations', scope: 'profile', kind: 'soft', limit: '5 person↔dimension relations (B2B: 20 legacy)', consequence: 'add none until one is removed', sources: ['PG', 'BG'], treatment: { is: 'rule', id: 'multi-entity-relations' } },
  { row: 21, slug: 'relation-id-depth', scope: 'profile', kind: 'soft', limit: 'relation id nested ≤4', consequence: 'do not use deeper', sources: ['PG'], treatment: { is: 'rule', id: 'relation-id-depth' } },
  { row: 22, slug: 'array-card-profile', scope: 'profile', kind: 'soft', limit: '≤500 items in a fragment array', consequence: 'degradation', sources: ['PG'], treatment: { is: 'run-time', id: 'array-card-profile' } },
  { row: 23, slug: 'array-card-event', scope: 'profile', kind: 'soft', limit: '≤10 items in an event array', consequence: 'degradation', sources: ['PG'], treatment: { is: 'run-time', id: 'array-card-event' } },
  { row: 24, slug: 'graph-identities-profile', scope: 'profile', kind: 'hard', limit: '50 identities per profile', consequence: 'profile left out of segments, exports, look-ups', sources: ['PG'], treatment: { is: 'run-time', id: 'graph-size' } },
  { row: 25, slug: 'dim-no-timeseries', scope: 'dimension', kind: 'hard', limit: '0 time-series on non-person entities', consequence: 'dataset must not be profile-enabled', sources: ['PG'], treatment: { is: 'rule', id: 'dim-no-timeseries' } },
  { row: 26, slug: 'dim-no-nesting', scope: 'dimension', kind: 'soft', limit: '0 relations between two non-person schemas (legacy)', consequence: 'not recommended', sources: ['PG', 'BG'], treatment: { is: 'rule', id: 'dim-no-nesting' } },
  { row: 27, slug: 'dim-pk-depth', scope: 'dimension', kind: 'soft', limit: 'primary id nested ≤4', consequence: 'deeper not recommended', sources: ['PG'], treatment: { is: 'rule', id: 'dim-pk-depth' } },
  { row: 28, slug: 'dim-single-schema', scope: 'B2B', kind: 'hard', limit: '1 schema per dimension entity', consequence: 'wrong segment results', sources: ['BG'], treatment: { is: 'by-construction', because: 'An entity has one schema: a second document Schema/name is an error (project/duplicate-name), and every stream of the entity is mapped to it.' } },
  { row: 29, slug: 'event-size', scope: 'profile', kind: 'hard', limit: '10 KB', consequence: 'event dropped, ingestion continues', sources: ['PG', 'ING'], treatment: { is: 'run-time', id: 'event-size' } },
  { row: 30, slug: 'record-size', scope: 'profile', kind: 'hard', limit: '100 KB', consequence: 'record dropped', sources: ['PG', 'ING'], treatment: { is: 'run-time', id: 'record-size' } },
  { row: 31, slug: 'fragment-size', scope: 'profile', kind: 'hard', limit: '50 MB', consequence: 'segmentation/export/look-up may fail', sources: ['PG'], treatment: { is: 'by-construction', because: 'A source says of a profile what its records say, each of at most 100 KB (record-size), and a profile has at most 50 identities (graph-size): 5 MB.' } },
  { row: 32, slug: 'profile-size', scope: 'profile', kind: 'soft', limit: '50 MB stored', consequence: 'degradation', sources: ['PG'], treatment: { is: 'run-time', id: 'profile-size' } },
  { row: 33, slug: 'profile-batches-day', scope: 'ingestion', kind: 'soft', limit: '90 per sandbox', consequence: 'degradation', sources: ['PG', 'ING'], treatment: { is: 'run-time', id: 'profile-batches-day' } },
  { row: 34, slug: 'events-per-profile', scope: 'profile', kind: 'soft', limit: '5000', consequence: 'profile not considered for segmentation', sources: ['PG'], treatment: { is: 'run-time', id: 'events-per-profile' } },
  { row: 35, slug: 'dim-total-size', scope: 'dimension', kind: 'soft', limit: '5 GB', consequence: 'degradation', sources: ['PG', 'BG'], treatment: { is: 'run-time', id: 'dim-total-size' } },
  { row: 36, slug: 'dim-datasets', scope: 'dimension', kind: 'soft', limit: '5 datasets per schema', consequence: 'do not add a sixth', sources: ['PG', 'BG'], treatment: { is: 'rule', id: 'dim-datasets' } },
  { row: 37, slug: 'dim-batches-day', scope: 'dimension', kind: 'soft', limit: '4 per entity per day', consequence: 'degradation', sources: ['PG', 'BG'], treatment: { is: 'run-time', id: 'dim-batches-day' } },
  { row: 38, slug: 'b2b-datasets', scope: 'B2B', kind: 'soft', limit: '60 datasets on B2B classes', consequence: 'recommended cap', sources: ['BG'], treatment: { is: 'rule', id: 'b2b-datasets' } },
  { row: 39, slug: 'account-identities', scope: 'B2B', kind: 'soft', limit: '50 identities per account graph', consequence: 'account left out of segments, exports, look-ups', sources: ['BG'], treatment: { is: 'run-time', id: 'account-identities' } },
  { row: 40, slug: 'm1-per-class', scope: 'B2B', kind: 'soft', limit: '2 many-to-one relations per class', consequence: 'add none until one is removed', sources: ['BG'], treatment: { is: 'rule', id: 'm1-per-class' } },
  { row: 41, slug: 'm1-b2b-only', scope: 'B2B', kind: 'hard', limit: 'only B2B objects in many-to-one', consequence: 'refused', sources: ['BG'], treatment: { is: 'rule', id: 'm1-b2b-only' } },
  { row: 42, slug: 'b2b-depth', scope: 'B2B', kind: 'hard', limit: '3 levels of nested relations', consequence: 'refused', sources: ['BG'], treatment: { is: 'rule', id: 'b2b-depth' } },
  { row: 43, slug: 'b2b-batches-day', scope: 'B2B', kind: 'soft', limit: '45 batches per class per day', consequence: 'sub-optimal', sources: ['BG'], treatment: { is: 'run-time', id: 'b2b-batches-day' } },
  { row: 44, slug: 'b2b-segments', scope: 'B2B', kind: 'soft', limit: '400 definitions per B2B sandbox', consequence: 'degradation', sources: ['BG'], treatment: { is: 'rule', id: 'b2b-segments' } },
  { row: 45, slug: 'b2b-merge-policy', scope: 'B2B', kind: 'hard', limit: 'default merge policy only in multi-entity audiences', consequence: 'other policies unsupported', sources: ['UPG'], treatment: { is: 'by-construction', because: 'An entity has one merge policy, which is the default; a segment cannot choose another.' } },
  { row: 46, slug: 'b2b-no-events-mix', scope: 'B2B', kind: 'hard', limit: 'no event filter + B2B attribute in one definition (2025+)', consequence: 'refused/disabled', sources: ['UPG'], treatment: { is: 'rule', id: 'b2b-no-events-mix' } },
  { row: 47, slug: 'b2b-entity-resolution', scope: 'B2B', kind: 'latency', limit: 'daily', consequence: 'new accounts/opportunities invisible ≤24 h', sources: ['UPG'], treatment: { is: 'run-time', id: 'b2b-entity-resolution' } },
  { row: 48, slug: 'b2b-addressable', scope: 'licence', kind: 'soft', limit: '≤5 × licensed business persons', consequence: 'contract', sources: ['PD'], treatment: { is: 'run-time', id: 'b2b-addressable' } },
  { row: 49, slug: 'b2b-accounts', scope: 'licence', kind: 'soft', limit: 'accounts ≤ addressable audience', consequence: 'billed as persons', sources: ['PD'], treatment: { is: 'run-time', id: 'b2b-accounts' } },
  { row: 50, slug: 'b2b-richness', scope: 'licence', kind: 'soft', limit: 'average ≤100 KB per profile', consequence: 'contract', sources: ['PD'], treatment: { is: 'run-time', id: 'b2b-richness' } },
  { row: 51, slug: 'audiences-sandbox', scope: 'segmentation', kind: 'soft', limit: '4000 per sandbox', consequence: 'degradation', sources: ['PG'], treatment: { is: 'rule', id: 'audiences-sandbox' } },
  { row: 52, slug: 'batch-audiences', scope: 'segmentation', kind: 'soft', limit: '4000 per sandbox', consequence: 'degradation', sources: ['PG'], treatment: { is: 'rule', id: 'batch-audiences' } },
  { row: 53, slug: 'streaming-audiences', scope: 'segmentation', kind: 'soft', limit: '500 per sandbox, edge included', consequence: 'degradation', sources: ['PG', 'CAP'], treatment: { is: 'rule', id: 'streaming-audiences' } },
  { row: 54, slug: 'edge-audiences', scope: 'segmentation', kind: 'soft', limit: '150 per sandbox', consequence: 'degradation', sources: ['PG', 'CAP'], treatment: { is: 'not-applicable', because: 'There is no edge network: segments are evaluated where the data is.' } },
  { row: 55, slug: 'account-audiences', scope: 'segmentation', kind: 'hard', limit: '50 per sandbox', consequence: 'create disabled', sources: ['PG', 'BPA'], treatment: { is: 'rule', id: 'account-audiences' } },
  { row: 56, slug: 'acct-aud-shape', scope: 'segmentation', kind: 'hard', limit: 'nested containers 5; rules per container 5; entity hops 5; values per field 50; array depth 5; nested objects 10', consequence: 'validation error', sources: ['AA'], treatment: { is: 'rule', id: 'acct-aud-shape' } },
  { row: 57, slug: 'acct-aud-content', scope: 'segmentation', kind: 'hard', limit: 'no maps, no events (earlier: 30-day lookback, unordered), no sequences, no inSegment events, no custom entities', consequence: 'validation error', sources: ['AA', 'BPA'], treatment: { is: 'rule', id: 'acct-aud-content' } },
  { row: 58, slug: 'merge-policies', scope: 'profile', kind: 'hard', limit: '5 per org', consequence: 'refused', sources: ['MP'], treatment: { is: 'rule', id: 'merge-policies' } },
  { row: 59, slug: 'schedule-merge-policies', scope: 'segmentation', kind: 'hard', limit: '≤5 person merge policies per sandbox', consequence: 'scheduled evaluation unavailable', sources: ['SEGUI'], treatment: { is: 'by-construction', because: 'A sandbox has one merge policy for persons, so scheduled evaluation is always there.' } },
  { row: 60, slug: 'compositions', scope: 'segmentation', kind: 'hard', limit: '10 published per sandbox', consequence: 'refused', sources: ['FAQ'], treatment: { is: 'not-applicable', because: 'There is no canvas for compositions. A segment that reads others (segments.name) does what one does, and counts as a segment.' } },
  { row: 61, slug: 'stream-window', scope: 'segmentation', kind: 'hard', limit: '24 h', consequence: 'falls back to batch', sources: ['STR'], treatment: { is: 'rule', id: 'stream-window' } },
  { row: 62, slug: 'stream-merge-policy', scope: 'segmentation', kind: 'hard', limit: 'active-on-edge policy', consequence: 'not eligible', sources: ['STR'], treatment: { is: 'by-construction', because: 'A streaming segment sees profiles by the one merge policy of persons; none has to be marked for the edge.' } },
  { row: 63, slug: 'seg-of-seg-exit', scope: 'segmentation', kind: 'latency', limit: 'exit every 24 h', consequence: 'stale members', sources: ['EDGE', 'UPG'], treatment: { is: 'run-time', id: 'seg-of-seg-exit' } },
  { row: 64, slug: 'batch-frequency', scope: 'segmentation', kind: 'latency', limit: 'once per 24 h, run ≤7 h', consequence: 'stale members', sources: ['LAT'], treatment: { is: 'rule', id: 'batch-frequency' } },
  { row: 65, slug: 'stream-seg-latency', scope: 'segmentation', kind: 'latency', limit: '≤5 min after profile ingestion', consequence: '', sources: ['LAT', 'LAT2'], treatment: { is: 'by-construction', because: 'Segments that stream are evaluated in the transaction that takes the events in, before they are acknowledged.' } },
  { row: 66, slug: 'stream-to-batch-lag', scope: 'segmentation', kind: 'latency', limit: '≤3 h', consequence: 'late data misses the run', sources: ['FAQ'], treatment: { is: 'by-construction', because: 'A batch evaluation reads the store that streaming writes: what was taken before it begins is in it.' } },
  { row: 67, slug: 'on-demand', scope: 'segmentation', kind: 'hard', limit: '20 audiences/run; 2 runs/day/sandbox; 50/yr prod; 100/yr dev; B2C only', consequence: 'refused', sources: ['FAE'], treatment: { is: 'not-applicable', because: 'Runs on demand are limited in the B2C edition, which alone has them at Adobe. Here `cdp run` evaluates whenever you ask: the machine is yours.' } },
  { row: 68, slug: 'exit-retention', scope: 'segmentation', kind: 'hard', limit: '30 days', consequence: 'exited status purged', sources: ['SEGM'], treatment: { is: 'run-time', id: 'exit-retention' } },
  { row: 69, slug: 'external-audience-ttl', scope: 'segmentation', kind: 'hard', limit: '30 days', consequence: 'not activatable after', sources: ['SEGM', 'FAQ'], treatment: { is: 'not-applicable', because: 'Memberships come from segments of the project only. Lists of Marketo and campaigns of a CRM are read as data (list-member, campaign-member) and last as long as their source says.' } },
  { row: 70, slug: 'graph-size', scope: 'identity', kind: 'hard', limit: '50 per graph, per sandbox', consequence: 'FIFO deletion by type then age', sources: ['IG'], treatment: { is: 'run-time', id: 'graph-size' } },
  { row: 71, slug: 'links-per-identity', scope: 'identity', kind: 'hard', limit: '50 per batch', consequence: 'identity not ingested', sources: ['IG'], treatment: { is: 'run-time', id: 'links-per-identity' } },
  { row: 72, slug: 'ids-per-record', scope: 'identity', kind: 'hard', limit: '2…20', consequence: 'record not linked / fails', sources: ['IG', 'MIG'], treatment: { is: 'run-time', id: 'ids-per-record' } },
  { row: 73, slug: 'ecid-format', scope: 'identity', kind: 'hard', limit: '38 digits', consequence: 'record skipped', sources: ['IG'], treatment: { is: 'run-time', id: 'ecid-format' } },
  { row: 74, slug: 'id-length', scope: 'identity', kind: 'hard', limit: '≤1024 characters', consequence: 'record skipped', sources: ['IG'], treatment: { is: 'run-time', id: 'id-length' } },
  { row: 75, slug: 'id-banned', scope: 'identity', kind: 'hard', limit: '"null", "anonymous", "invalid", blank', consequence: 'identity blocked', sources: ['IG'], treatment: { is: 'run-time', id: 'id-banned' } },
  { row: 76, slug: 'unique-namespace', scope: 'identity', kind: 'hard', limit: '1 per graph if declared unique', consequence: 'older link removed', sources: ['LINK', 'ALG'], treatment: { is: 'run-time', id: 'unique-namespace' } },
  { row: 77, slug: 'namespace-priority', scope: 'identity', kind: 'hard', limit: 'device/cookie may not outrank person', consequence: 'refused', sources: ['NPRI'], treatment: { is: 'by-construction', because: 'There is no list of priorities to get wrong: an identity is declared unique or not, and the order of kinds is fixed.' } },
  { row: 78, slug: 'batch-files', scope: 'ingestion', kind: 'hard', limit: '10 000 recommended / 25 000 max', consequence: 'batch fails', sources: ['ING'], treatment: { is: 'by-construction', because: 'A read is no batch that could fail as a whole: files are read one after the other, and what was read is kept.' } },
  { row: 79, slug: 'batch-size', scope: 'ingestion', kind: 'hard', limit: '100 GB recommended / 1 TB max (CDC 100 GB)', consequence: 'batch fails', sources: ['ING'], treatment: { is: 'by-construction', because: 'A read is no batch that could fail as a whole: it is stored 50,000 records at a time, whatever its size.' } },
  { row: 80, slug: 'batch-rate', scope: 'ingestion', kind: 'soft', limit: 'API 20 GB/h; sources 200 GB/h', consequence: 'queueing', sources: ['ING', 'LAT3'], treatment: { is: 'not-applicable', because: 'How fast files are read is a matter of your machine; nobody else waits in the same queue.' } },
  { row: 81, slug: 'row-fields', scope: 'ingestion', kind: 'hard', limit: '10 000 per row', consequence: 'fails', sources: ['ING'], treatment: { is: 'run-time', id: 'row-fields' } },
  { row: 82, slug: 'batches-per-minute', scope: 'ingestion', kind: 'hard', limit: '2000 per user', consequence: 'throttled', sources: ['ING'], treatment: { is: 'not-applicable', because: 'It is a limit per user of Adobe\'s ingestion interface. Here a sandbox has one writer, which takes one batch after the other.' } },
  { row: 83, slug: 'file-min', scope: 'ingestion', kind: 'hard', limit: '1 byte', consequence: 'empty files refused', sources: ['ING'], treatment: { is: 'by-construction', because: 'An empty file holds no record: it is read, nothing comes of it, and nothing fails.' } },
  { row: 84, slug: 'encrypted-file', scope: 'ingestion', kind: 'hard', limit: '1 GB per file', consequence: 'refused', sources: ['ING'], treatment: { is: 'not-applicable', because: 'Encrypted files are not read; decrypt them where the keys are, before cdp sees them.' } },
  { row: 85, slug: 'upsert-batch', scope: 'ingestion', kind: 'soft', limit: '<2 M rows (≈10× slower)', consequence: 'blocks sandbox', sources: ['ING'], treatment: { is: 'run-time', id: 'upsert-batch' } },
  { row: 86, slug: 'stream-record', scope: 'ingestion', kind: 'hard', limit: '1 MB max, 10 KB advised', consequence: 'refused', sources: ['ING'], treatment: { is: 'by-construction', because: 'The collection endpoint takes 32 KB a call and 500 KB a batch, and refuses what is larger; what it takes is held to event-size.' } },
  { row: 87, slug: 'stream-rps-lake', scope: 'ingestion', kind: 'soft', limit: '4000–5000 rps', consequence: 'throttled', sources: ['ING'], treatment: { is: 'not-applicable', because: 'The rate is that of a hosted service; here the machine decides, and what the daemon cannot take is refused for now, with Retry-After, never dropped.' } },
  { row: 88, slug: 'stream-rps-profile', scope: 'ingestion', kind: 'soft', limit: '1500 rps per org; +13 500 purchasable', consequence: 'alerts at 80/90 %; >100 % and queue >12 h ⇒ events dropped from profile', sources: ['ING', 'CAP'], treatment: { is: 'not-applicable', because: 'The rate is that of a licence for a hosted service; here the machine decides, and what the daemon cannot take is refused for now, with Retry-After, never dropped.' } },
  { row: 89, slug: 'edge-rps', scope: 'ingestion', kind: 'soft', limit: '1500 rps', consequence: 'capacity breach', sources: ['CAP'], treatment: { is: 'not-applicable', because: 'There is no edge network that collects; what the daemon collects has its own limits (stream-rps-lake, stream-rps-profile).' } },
  { row: 90, slug: 'source-interval', scope: 'source', kind: 'hard', limit: '≥15 min between scheduled runs', consequence: 'refused', sources: ['CRMF'], treatment: { is: 'rule', id: 'source-interval' } },
  { row: 91, slug: 'dest-audiences', scope: 'destination', kind: 'soft', limit: '250 per dataflow', consequence: 'make another dataflow', sources: ['DG'], treatment: { is: 'rule', id: 'dest-audiences' } },
  { row: 92, slug: 'dest-attributes', scope: 'destination', kind: 'soft', limit: '50 mapped', consequence: 'degradation', sources: ['DG'], treatment: { is: 'rule', id: 'dest-attributes' } },
  { row: 93, slug: 'dest-count', scope: 'destination', kind: 'hard', limit: '100 per sandbox', consequence: 'refused (older: none/soft)', sources: ['DG'], treatment: { is: 'rule', id: 'dest-count' } },
  { row: 94, slug: 'dest-record-only', scope: 'destination', kind: 'hard', limit: 'no event attributes', consequence: 'not exportable', sources: ['DG'], treatment: { is: 'rule', id: 'dest-record-only' } },
  { row: 95, slug: 'dest-no-arrays', scope: 'destination', kind: 'hard', limit: 'no array/map except identityMap', consequence: 'not exportable', sources: ['DG'], treatment: { is: 'rule', id: 'dest-no-arrays' } },
  { row: 96, slug: 'dest-stream-rps', scope: 'destination', kind: 'advisory', limit: 'no cap; partner decides', consequence: 'partner throttles', sources: ['DG'], treatment: { is: 'advisory', because: 'Adobe sets no cap and the partner throttles. Here a connector declares what its system allows (capabilities.limits), the host keeps to it, and Retry-After is honoured.' } },
  { row: 97, slug: 'file-frequency', scope: 'destination', kind: 'hard', limit: 'daily full, or incremental every 3/6/8/12 h', consequence: '', sources: ['DG'], treatment: { is: 'not-applicable', because: 'The files destination has no schedule of its own: its files are written anew whenever memberships change.' } },
  { row: 98, slug: 'file-audiences-hour', scope: 'destination', kind: 'soft', limit: '100 per hour', consequence: 'late files', sources: ['DG'], treatment: { is: 'not-applicable', because: 'Files are written by your machine after the evaluation; there is no hourly export of others to share.' } },
  { row: 99, slug: 'file-rows', scope: 'destination', kind: 'hard', limit: '5 M rows per file', consequence: 'auto-split _2, _3…', sources: ['DG'], treatment: { is: 'not-applicable', because: 'An audience file is replaced as a whole, so that no reader sees half of it; in pieces it could be.' } },
  { row: 100, slug: 'adhoc-audiences', scope: 'destination', kind: 'hard', limit: '80 per job', consequence: 'job fails', sources: ['DG'], treatment: { is: 'not-applicable', because: 'There is no export job to start: every run delivers whatever a destination was not given yet.' } },
  { row: 101, slug: 'adhoc-concurrency', scope: 'destination', kind: 'hard', limit: '1 job per audience', consequence: 'refused', sources: ['DG'], treatment: { is: 'by-construction', because: 'Two deliveries of one audience never run at once: a sandbox has one run at a time, and each activation one worker in it.' } },
  { row: 102, slug: 'edge-destinations', scope: 'destination', kind: 'soft', limit: '10 custom personalization; 30 attributes; 50 audiences to Target', consequence: '', sources: ['DG'], treatment: { is: 'not-applicable', because: 'There is no edge network, and no destination for personalization on it.' } },
  { row: 103, slug: 'dataset-export', scope: 'destination', kind: 'hard', limit: '5 billion rows (soft); events of 365 days; 10 billion records', consequence: 'fails', sources: ['DG'], treatment: { is: 'not-applicable', because: 'Data sets are not exported: the store is a DuckDB file that you can query and copy yourself.' } },
  { row: 104, slug: 'sdk-private', scope: 'destination', kind: 'soft', limit: '5 private destinations', consequence: 'ask support', sources: ['DG'], treatment: { is: 'rule', id: 'sdk-private' } },
  { row: 105, slug: 'sdk-aggregation', scope: 'destination', kind: 'hard', limit: '1800–3600 s or 1000–10 000 events', consequence: 'refused', sources: ['DG'], treatment: { is: 'not-applicable', because: 'It is a setting of Adobe\'s Destination SDK. Here a delivery is cut by the connector\'s maxBatch and the destination\'s batch.maxRecords, and does not wait for more.' } },
  { row: 106, slug: 'enterprise-latency', scope: 'destination', kind: 'latency', limit: 'p95 <10 min at <10 k rps per dataflow', consequence: '', sources: ['DG', 'HTTP'], treatment: { is: 'run-time', id: 'enterprise-latency' } },
  { row: 107, slug: 'enterprise-retry', scope: 'destination', kind: 'hard', limit: '2 retries of stored failures', consequence: 'then lost', sources: ['DG', 'HTTP'], treatment: { is: 'by-construction', because: 'A delivery that fails is repeated for up to three days, with growing pauses, and is a dead letter after that, which can be sent again: nothing is lost.' } },
  { row: 108, slug: 'http-timeout', scope: 'destination', kind: 'hard', limit: 'answer ≤2 s', consequence: 'timeout error', sources: ['HTTP'], treatment: { is: 'rule', id: 'http-timeout', plugin: '@cdpkit/plugin-destination-http' } },
  { row: 109, slug: 'http-batch', scope: 'destination', kind: 'hard', limit: '≤10 profiles per request', consequence: 'best-effort aggregation', sources: ['PEB'], treatment: { is: 'rule', id: 'http-batch', plugin: '@cdpkit/plugin-destination-http' } },
  { row: 110, slug: 'http-backfill', scope: 'destination', kind: 'latency', limit: '~1 h for existing members', consequence: '', sources: ['HTTP'], treatment: { is: 'by-construction', because: 'The run after the apply delivers the members that a segment already has; the plan tells in how many requests.' } },
  { row: 111, slug: 'http-consent', scope: 'destination', kind: 'advisory', limit: 'consent policies not evaluated', consequence: 'leak risk', sources: ['HTTP'], treatment: { is: 'by-construction', because: 'Adobe evaluates no consent policy for HTTP destinations. Here every destination has its consent rule (`consent`), this one too.' } },
  { row: 112, slug: 'acct-dest-types', scope: 'destination', kind: 'hard', limit: 'account audiences only to S3, ADLS2, Blob, DLZ, SFTP, LinkedIn companies (later Demandbase)', consequence: 'not listed', sources: ['ACT'], treatment: { is: 'rule', id: 'acct-dest-types' } },
  { row: 113, slug: 'acct-dest-schedule', scope: 'destination', kind: 'hard', limit: 'daily, after-evaluation only; no consent evaluation', consequence: 'hourly refused', sources: ['ACT'], treatment: { is: 'rule', id: 'acct-dest-schedule' } },
  { row: 114, slug: 'sf-dest-fields', scope: 'destination', kind: 'hard', limit: '25 external custom fields per Salesforce object', consequence: 'max 25 audiences live', sources: ['SFD'], treatment: { is: 'rule', id: 'sf-dest-fields', plugin: '@cdpkit/plugin-crm' } },
  { row: 115, slug: 'linkedin-min', scope: 'destination', kind: 'hard', limit: '300 matched members', consequence: 'campaign cannot start', sources: ['BPA'], treatment: { is: 'not-applicable', because: 'There is no LinkedIn connector.' } },
  { row: 116, slug: 'marketo-daily', scope: 'Marketo API', kind: 'hard', limit: '50 000 calls/day typical (≥10 000)', consequence: 'error 607 in the body, HTTP 200, no rate headers', sources: ['MKA'], treatment: { is: 'rule', id: 'marketo-daily', plugin: '@cdpkit/plugin-marketo' } },
  { row: 117, slug: 'marketo-rate', scope: 'Marketo API', kind: 'hard', limit: '100 calls / 20 s per instance', consequence: 'error 606', sources: ['MKA'], treatment: { is: 'rule', id: 'marketo-rate', plugin: '@cdpkit/plugin-marketo' } },
  { row: 118, slug: 'marketo-concurrency', scope: 'Marketo API', kind: 'hard', limit: '10', consequence: 'error 615', sources: ['MKA'], treatment: { is: 'rule', id: 'marketo-concurrency', plugin: '@cdpkit/plugin-marketo' } },
  { row: 119, slug: 'marketo-batch', scope: 'Marketo API', kind: 'hard', limit: '300 leads per call; 1 MB payload', consequence: 'refused', sources: ['MKA'], treatment: { is: 'rule', id: 'marketo-batch', plugin: '@cdpkit/plugin-marketo' } },
  { row: 120, slug: 'marketo-bulk', scope: 'Marketo API', kind: 'hard', limit: 'import 10 MB; extract 2 running/10 queued; 500 MB/day', consequence: 'refused', sources: ['MKA'], treatment: { is: 'by-construction', because: 'The connector runs two bulk extracts at a time, waits while the queue of the instance is full, stops until tomorrow when the 500 MB of the day are used up, and imports nothing in bulk.' } },
  { row: 121, slug: 'sandboxes', scope: 'sandbox', kind: 'hard', limit: '5 included, packs of 10, max 75', consequence: 'licence', sources: ['SBX', 'PD'], treatment: { is: 'rule', id: 'sandboxes' } },
  { row: 122, slug: 'dev-sandbox', scope: 'sandbox', kind: 'soft', limit: '10 % of profiles; 75 KB avg; 1 batch segmentation job/day; 120 look-ups/profile/yr', consequence: 'licence', sources: ['SBX'], treatment: { is: 'run-time', id: 'dev-sandbox' } },
  { row: 123, slug: 'lookup-latency', scope: 'profile', kind: 'latency', limit: 'seconds; streaming ingestion ≤15 min; lake ≤30 min; edge ≤500 ms; edge↔hub ≤5 min, projections ~1 h', consequence: '', sources: ['LAT'], treatment: { is: 'by-construction', because: 'There is one store: what was taken in is what the next look-up reads, with no edge or hub to copy it to.' } },
]
