// The guardrails of Marketo, checked on every project that names the plugin. Each speaks only where the connector is used.
import type { Guardrail } from '@cdpkit/core/sdk'
import { crmRoute } from './crm-route.js'
import { latMarketoLake } from './lat-marketo-lake.js'
import { latMarketoProfile } from './lat-marketo-profile.js'
import { marketoBatch } from './marketo-batch.js'
import { marketoConcurrency } from './marketo-concurrency.js'
import { marketoDaily } from './marketo-daily.js'
import { marketoDestIds } from './marketo-dest-ids.js'
import { marketoDestMatchOnly } from './marketo-dest-match-only.js'
import { marketoDestOneCreator } from './marketo-dest-one-creator.js'
import { marketoDestPreload } from './marketo-dest-preload.js'
import { marketoHipaa } from './marketo-hipaa.js'
import { marketoRate } from './marketo-rate.js'
import { topoMarketoSourceManyOrgs } from './topo-marketo-source-many-orgs.js'
import { topoMarketoSourceManyToMany } from './topo-marketo-source-many-to-many.js'

export const guardrails: readonly Guardrail[] = [
  topoMarketoSourceManyOrgs, topoMarketoSourceManyToMany, crmRoute, latMarketoProfile, latMarketoLake, marketoDestIds, marketoDestMatchOnly, marketoDestPreload, marketoDestOneCreator, marketoHipaa,
  marketoDaily, marketoRate, marketoConcurrency, marketoBatch,
]
