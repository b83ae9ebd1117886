// Plugins as text: the list, and everything about one of them or about a connector.
import type { ConnectorDescription, DestinationDescription, PluginDescription, SourceDescription, StreamDescription } from '../plugins/describe-plugin.js'
import type { ConfigOption } from '../plugins/config-reference.js'
import type { GuardrailFacts } from '../plugins/guardrail.js'
import { describeGuardrailKind, describeNeed, destinationFlags, limitLines, sourceFlags } from './connector-words.js'
import { describeLimit } from './guardrail.js'
import { toText } from '../kernel/json.js'
import { counted, table } from './numbers.js'
import type { Paint } from './paint.js'

export function renderPluginList(plugins: readonly PluginDescription[], remarks: readonly string[], paint: Paint): string {
  const blocks = plugins.map((plugin) => [titleOf(plugin, paint), ...table(plugin.connectors.flatMap(rowsOf)).map((line) => `  ${line}`)].join('\n'))
  return [...blocks, ...(remarks.length === 0 ? [] : [remarks.join('\n')])].join('\n\n')
}

/** A plugin with all its connectors, or with the one that is asked for. */
export function renderPlugin(plugin: PluginDescription, connectors: readonly ConnectorDescription[], paint: Paint): string {
  const guardrails = plugin.guardrails.length === 0 ? [] : [block('Guardrails', table(plugin.guardrails.map(guardrailRow)), paint)]
  return [titleOf(plugin, paint), ...connectors.flatMap((each) => renderConnector(each, paint)), ...guardrails].join('\n\n')
}

function titleOf({ name, version, from, sdk, guardrails }: PluginDescription, paint: Paint): string {
  const facts = [from, `sdk ${sdk}`, ...(guardrails.length === 0 ? [] : [counted(guardrails.length, 'guardrail')])]
  return `${paint.bold(`${name}${version === undefined ? '' : ` ${version}`}`)}  ${paint.dim(facts.join(' · '))}`
}

function rowsOf({ name, source, destination }: ConnectorDescription): readonly (readonly string[])[] {
  return [
    ...(source ? [[name, 'source', sourceFlags(source).join(', ')]] : []),
    ...(destination ? [[source ? '' : name, 'destination', destinationFlags(destination).join(', ')]] : []),
  ]
}

function renderConnector({ name, title, source, destination }: ConnectorDescription, paint: Paint): readonly string[] {
  return [...(source ? [renderSource(`${name} · source · ${title}`, source, paint)] : []), ...(destination ? [renderDestination(`${name} · destination · ${title}`, destination, paint)] : [])]
}

function renderSource(title: string, source: SourceDescription, paint: Paint): string {
  const { streams, streamConfig } = source
  return [
    paint.bold(title),
    block('can', [sourceFlags(source).join(', '), `source keys end with .${source.defaultType}`], paint),
    ...aboutSide(source, paint),
    ...(streamConfig.length === 0 ? [] : [block('config of a stream', table(streamConfig.map(optionRow)), paint)]),
    block('streams', streams.length === 0 ? ['the project names them, with their entity, key and map'] : streams.flatMap(streamLines), paint),
  ].join('\n')
}

function renderDestination(title: string, destination: DestinationDescription, paint: Paint): string {
  const { governance, capabilities } = destination
  const party = governance === undefined ? 'a third party of unknown purpose' : `${governance.party === 'first' ? "the company's own" : 'a third party'}${governance.marketingActions.length === 0 ? '' : `: ${governance.marketingActions.join(', ')}`}`
  return [paint.bold(title), block('can', [destinationFlags(destination).join(', '), `taken for ${party}, unless the project says otherwise`, `payload  ${capabilities.defaultPayload}`], paint), ...aboutSide(destination, paint)].join('\n')
}

function aboutSide(side: SourceDescription | DestinationDescription, paint: Paint): readonly string[] {
  const { config, configVersion, migrates } = side
  const version = configVersion === 1 ? '' : ` (version ${String(configVersion)}${migrates ? ', older ones are taken' : ''})`
  const limits = limitLines(side)
  return [
    ...(limits.length === 0 ? [] : [block('limits', limits, paint)]),
    block(`config${version}`, config.length === 0 ? ['none'] : table(config.map(optionRow)), paint),
  ]
}

function optionRow(option: ConfigOption): readonly string[] {
  const { path, type, default: usual, description } = option
  return [path, type, usual === undefined ? describeNeed(option) : `default ${toText(usual)}`, description]
}

function streamLines({ name, entity, key, optional, map, description }: StreamDescription): readonly string[] {
  const facts = [...(entity === undefined ? [] : [`→ ${entity}`]), ...(key === undefined ? [] : [`key ${key}`]), ...(optional ? ['only when named'] : [])].join(' · ')
  const fields = table(Object.entries(map ?? {})).map((line) => `  ${line}`)
  return [`${name}  ${facts}${description === undefined ? '' : `  ${description}`}`, ...fields]
}

function guardrailRow(facts: GuardrailFacts): readonly string[] {
  return [`guardrail/${facts.id}`, describeGuardrailKind(facts), facts.limit === undefined ? '' : describeLimit(facts), facts.title]
}

function block(title: string, lines: readonly string[], paint: Paint): string {
  return [`  ${paint.dim(title)}`, ...lines.map((line) => `    ${line}`)].join('\n')
}
