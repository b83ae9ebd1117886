// Destination documents → destinations, their configurations checked and, with `configFrom`, completed from a source.
import { requiredConsents } from '../entities/consent.js'
import type { Connector, DestinationGovernance } from '../plugins/sdk.js'
import { mergePatch, type Placed } from './placed.js'
import type { Destination } from './project.js'
import { type ResolveScope, checkSchedule, findConnector, resolveConfig, resolveIsolation } from './resolve-sources.js'
import type { WrittenDestination, WrittenSource } from './written.js'
import type { JsonObject } from '../kernel/json.js'
import { suggestion } from '../kernel/suggest.js'

export function resolveDestination(placed: Placed<WrittenDestination>, sources: readonly Placed<WrittenSource>[], scope: ResolveScope): Destination {
  const written = placed.value
  const connector = findConnector(placed, written.connector, scope)
  const merged = mergePatch(borrowed(placed, sources, scope), written.config ?? {}) as JsonObject
  if (connector && !connector.destination) scope.log.report('project/connector-cannot', { connector: connector.name, role: 'destination' }, placed.spanOf(['connector']))
  const config = resolveConfig(placed, { side: connector?.destination, config: merged, connector: written.connector }, scope)
  checkConsents(placed, scope)
  checkReconcile(placed, connector, scope)
  const usage = usageOf(written, connector?.destination?.governance)
  return {
    name: written.name,
    connector: written.connector,
    config,
    ...usage,
    consent: { require: written.consent?.require ?? requiredConsents(usage.marketingActions), onUnknown: written.consent?.onUnknown ?? 'send' },
    ...(written.reconcile === undefined ? {} : { reconcile: written.reconcile }),
    dryRun: written.dryRun === true,
    ...resolveIsolation(placed, scope),
    protect: written.protect === true,
    renamedFrom: written.renamedFrom ?? [],
  }
}

/** Whose system it is and what for: as written, else as the connector is meant, else the strictest. To a third party data is exported, whatever else. */
function usageOf({ party, marketingActions }: WrittenDestination, meant: DestinationGovernance | undefined): Pick<Destination, 'party' | 'marketingActions'> {
  const whose = party ?? meant?.party ?? 'third'
  const actions = marketingActions ?? meant?.marketingActions ?? []
  return { party: whose, marketingActions: whose === 'third' ? [...new Set([...actions, 'exportToThirdParty' as const])] : actions }
}

function checkReconcile(placed: Placed<WrittenDestination>, connector: Connector | undefined, { log }: ResolveScope): void {
  const { reconcile } = placed.value
  if (reconcile === undefined) return
  checkSchedule(placed, ['reconcile'], reconcile, log)
  const readBack = connector?.destination?.capabilities.readBack
  if (readBack !== undefined && readBack !== 'members') log.report('project/bad-value', { key: 'reconcile', problem: `cannot be done: connector ${connector?.name ?? ''} does not tell who is in its audiences` }, placed.spanOf(['reconcile']))
}

function checkConsents(placed: Placed<WrittenDestination>, { entities, log }: ResolveScope): void {
  const choices = Object.entries(entities['person']?.fields ?? {}).flatMap(([field, { type }]) => (field.startsWith('consents.') && type === 'string' ? [field.slice('consents.'.length)] : []))
  for (const [index, choice] of (placed.value.consent?.require ?? []).entries()) {
    const at = placed.spanOf(['consent', 'require', index])
    if (choice.includes('consents.')) log.report('project/bad-value', { key: `require[${String(index)}]`, problem: `starts below consents: write ${choice.replace(/^.*consents\./, '')}` }, at)
    else if (!choices.includes(choice)) log.report('project/unknown-field', { field: `consents.${choice}`, entity: 'person', suggestion: suggestion(choice, choices) }, at)
  }
}

function borrowed(placed: Placed<WrittenDestination>, sources: readonly Placed<WrittenSource>[], { log }: ResolveScope): JsonObject {
  const from = placed.value.configFrom
  if (from === undefined) return {}
  const source = sources.find((each) => `Source/${each.value.name}` === from)
  if (!source) log.report('project/unknown-reference', { what: 'source', name: from, suggestion: suggestion(from, sources.map((each) => `Source/${each.value.name}`)) }, placed.spanOf(['configFrom']))
  return source?.value.config ?? {}
}
