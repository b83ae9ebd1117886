// R39: what Marketo's native sync brings from the CRM is read through Marketo; the CRM itself is read only for what Marketo lacks.
import type { Breach, Guardrail, GuardedProject, GuardedSource } from '@cdpkit/core/sdk'
import { readCrm } from '../options.js'
import { marketoSources } from './instances.js'

/** What the sync carries, per connector of the CRM and in its own names. HubSpot has no native sync; its integrations carry these. */
const syncedObjects: Readonly<Record<string, readonly string[]>> = {
  salesforce: ['Account', 'Contact', 'Lead', 'Opportunity', 'OpportunityContactRole', 'Campaign', 'CampaignMember'],
  dynamics: ['account', 'contact', 'lead', 'opportunity', 'connection', 'campaign', 'list', 'listmember'],
  hubspot: ['contacts', 'companies', 'deals'],
}

export const crmRoute: Guardrail = {
  id: 'crm-route', title: 'The same CRM records come twice', kind: 'advisory', rows: [3], source: 'B2B activation blueprint, guardrails',
  why: 'A CRM that is synced into Marketo comes with the Marketo source. Read directly as well, every record is there twice, and of two truths the later one wins.',
  fix: 'Take these streams off the CRM source, and leave it the tables that Marketo lacks; or take them off the Marketo source.',
  check: ({ project }) => marketoSources(project).flatMap((marketo): readonly Breach[] => {
    const crm = findCrm(marketo, project)
    const both = crm === undefined ? [] : streamsOfBoth(crm, marketo)
    const [first] = both
    if (!crm || !first) return []
    const names = both.map((each) => each.name).join(', ')
    return [{
      detail: `"${crm.name}" reads ${names}, and "${marketo.name}" brings the same from the CRM that is synced into Marketo.`,
      at: { address: `Source/${crm.name}`, pointer: `/streams/${String(crm.streams.indexOf(first))}/name` },
      related: [{ text: `synced into Marketo, says "${marketo.name}"`, at: { address: `Source/${marketo.name}`, pointer: '/config/crm' } }],
    }]
  }),
}

function findCrm(marketo: GuardedSource, { sources }: GuardedProject): GuardedSource | undefined {
  const link = readCrm(marketo.config)
  if (!link) return undefined
  return 'source' in link ? sources.find((each) => each.name === link.source) : sources.find((each) => each.connector === link.type.toLowerCase() && each.instance === link.instance)
}

/** Streams of synced objects whose entity Marketo is read for, too: where its API has nothing (opportunities, mostly), the CRM is the only way. */
function streamsOfBoth(crm: GuardedSource, marketo: GuardedSource): readonly GuardedSource['streams'][number][] {
  const synced = syncedObjects[crm.connector] ?? []
  const read = new Set(marketo.streams.map((each) => each.entity))
  return crm.streams.filter((each) => synced.includes(objectOf(each)) && read.has(each.entity))
}

function objectOf({ name, config }: GuardedSource['streams'][number]): string {
  const written = config['object'] ?? config['table']
  return typeof written === 'string' ? written : name
}
