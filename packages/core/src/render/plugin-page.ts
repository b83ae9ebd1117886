// A plugin as a Markdown page, from what it declares: the same plugin gives the same text.
import type { ConfigOption } from '../plugins/config-reference.js'
import type { ConnectorDescription, DestinationDescription, PluginDescription, SourceDescription, StreamDescription } from '../plugins/describe-plugin.js'
import type { GuardrailFacts } from '../plugins/guardrail.js'
import { toText } from '../kernel/json.js'
import { describeGuardrailKind, describeNeed, destinationFlags, limitLines, sourceFlags } from './connector-words.js'
import { describeLimit } from './guardrail.js'
import { codeBlock, codeCell, codeLines, codeSpan } from './markdown.js'

/** Paths of this machine and versions are not in it: the page is committed beside the code that it is about. */
export function toPluginPage({ name, sdk, connectors, guardrails }: PluginDescription): string {
  return [
    `# ${plain(name)}`,
    `Written by \`cdp plugins docs\`; for cdpkit plugins of SDK ${codeSpan(sdk)}.`,
    ...connectors.flatMap(aboutConnector),
    ...(guardrails.length === 0 ? [] : ['## Guardrails', 'Checked on every project that names the plugin.', markdownTable(['code', 'kind', 'limit', 'what', 'why', 'what to do'], guardrails.map(guardrailCells))]),
  ].join('\n\n').concat('\n')
}

function aboutConnector(connector: ConnectorDescription): readonly string[] {
  const { name, title, source, destination } = connector
  return [`## ${codeSpan(name)}: ${plain(title)}`, ...(source ? aboutSource(name, source) : []), ...(destination ? aboutDestination(name, destination) : [])]
}

function aboutSource(name: string, source: SourceDescription): readonly string[] {
  const { streams, streamConfig, defaultType } = source
  return [
    '### As a source',
    example('Source', name, source.config),
    bullets([...sourceFlags(source), `source keys end with ${codeSpan(`.${defaultType}`)}`]),
    ...aboutSide(source),
    ...(streamConfig.length === 0 ? [] : ['#### Configuration of a stream', optionTable(streamConfig)]),
    '#### Streams',
    ...(streams.length === 0 ? ['The project names them, each with its `entity`, `key` and `map`.'] : streams.flatMap(aboutStream)),
  ]
}

function aboutDestination(name: string, destination: DestinationDescription): readonly string[] {
  const { governance, capabilities } = destination
  const party = governance?.party === 'first' ? "the company's own system" : 'a third party'
  return [
    '### As a destination',
    example('Destination', name, destination.config),
    bullets([...destinationFlags(destination), `taken for ${party}, unless the project says otherwise`]),
    'What is sent of a profile, unless the configuration says otherwise:',
    codeBlock(codeLines(capabilities.defaultPayload)),
    ...aboutSide(destination),
  ]
}

function aboutSide(side: SourceDescription | DestinationDescription): readonly string[] {
  const { config, configVersion, migrates } = side
  const limits = limitLines(side)
  return [
    ...(limits.length === 0 ? [] : ['#### Limits', bullets(limits)]),
    '#### Configuration',
    ...(config.length === 0 ? ['None.'] : [optionTable(config)]),
    ...(configVersion === 1 ? [] : [`This is version ${String(configVersion)} of the configuration.${migrates ? ' Older ones are taken and told about.' : ''}`]),
  ]
}

/** What must be written, with stand-ins where a person has to decide. */
function example(kind: string, connector: string, config: readonly ConfigOption[]): string {
  const required = config.filter(({ path, needed }) => needed === 'always' && !path.includes('.'))
  const lines = required.map(({ path, type, isSecret }) => `  ${path}: ${isSecret ? `{ fromEnv: ${toVariable(`${connector}-${path}`)} }` : `…${' '.repeat(4)}# ${type}`}`)
  return ['```yaml', `kind: ${kind}`, `name: ${connector}`, `connector: ${connector}`, ...(lines.length === 0 ? [] : ['config:', ...lines]), '```'].join('\n')
}

/** @example toVariable('fax-apiKey') // 'FAX_API_KEY' */
function toVariable(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase()
}

function optionTable(options: readonly ConfigOption[]): string {
  return markdownTable(['option', 'type', 'must', 'default', 'means'], options.map((option) => [
    codeCell(option.path), option.isSecret ? '**secret**: `fromEnv` or `fromFile`' : plain(option.type), plain(describeNeed(option)), option.default === undefined ? '' : codeCell(toText(option.default)), plain(option.description),
  ]))
}

function aboutStream({ name, description, entity, key, cursor, deletedWhen, optional, map = {} }: StreamDescription): readonly string[] {
  const facts = [
    ...(entity === undefined ? [] : [`Fills ${codeSpan(entity)}`]),
    ...(key === undefined ? [] : [`key ${codeSpan(key)}`]),
    ...(cursor === undefined ? [] : [`cursor ${codeSpan(cursor)}`]),
    ...(deletedWhen === undefined ? [] : [`deleted when ${codeSpan(deletedWhen)}`]),
    ...(optional ? ['read only when the project names it'] : []),
  ]
  const fields = Object.entries(map).map(([field, expression]) => [codeCell(field), codeCell(expression)])
  return [`##### ${codeSpan(name)}`, [...(description === undefined ? [] : [plain(description)]), `${facts.join(' · ')}.`].join(' '), ...(fields.length === 0 ? [] : [markdownTable(['field', 'from'], fields)])]
}

function guardrailCells(facts: GuardrailFacts): readonly string[] {
  return [codeCell(`guardrail/${facts.id}`), describeGuardrailKind(facts), facts.limit === undefined ? '' : describeLimit(facts), plain(facts.title), plain(facts.why), plain(facts.fix)]
}

function bullets(lines: readonly string[]): string {
  return lines.map((each) => `- ${each}`).join('\n')
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Prose of a manifest that stays prose: one line, no markup of its own, no bar that ends a cell. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|]/g, '\\$&')
}
