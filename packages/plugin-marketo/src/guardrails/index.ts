// The guardrails of Marketo, checked on every project that names the plugin. Each speaks only where the connector is used.
import type { Guardrail } from '@cdpkit/core/sdk'
import { topoMarketoSourceManyOrgs } from './topo-marketo-source-many-orgs.js'
import { topoMarketoSourceManyToMany } from './topo-marketo-source-many-to-many.js'

export const guardrails: readonly Guardrail[] = [topoMarketoSourceManyOrgs, topoMarketoSourceManyToMany]
