// The pages of the guardrails, from the catalogue, the facts and the cases under test/guardrails: the table of all rows, and a page each.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogueRow, catalogue, sources } from '../../packages/core/src/1-project/guardrails/catalogue.js'
import { type GuardrailFacts, type GuardrailKind } from '../../packages/core/src/plugins/guardrail.js'
import { describeLimit } from '../../packages/core/src/render/guardrail.js'
import { thousands } from '../../packages/core/src/render/numbers.js'
import { type KnownGuardrail, allGuardrails } from './all-guardrails.js'

export const guardrailsPage = 'docs/reference/guardrails.md'
export const guardrailPagesFolder = 'docs/reference/guardrails'
const cases = 'test/guardrails'

/** Path → text. */
export function toGuardrailPages(): ReadonlyMap<string, string> {
  return new Map([[guardrailsPage, toTablePage()], ...allGuardrails.map((each) => [`${guardrailPagesFolder}/${each.facts.id}.md`, toPage(each)] as const)])
}

const kinds: Readonly<Record<GuardrailKind, string>> = { hard: 'hard: an error, the plan fails', soft: 'soft, a limit of performance: a warning', latency: 'latency, an objective: a warning', advisory: 'advisory, a rule of design: a warning' }
const runTimeKinds: Readonly<Record<GuardrailKind, string>> = { hard: 'hard: what breaches it is refused, and the run goes on', soft: 'soft, a limit of performance: counted and shown', latency: 'latency, an objective: measured and shown', advisory: 'advisory: shown' }

function toPage({ facts, is, plugin }: KnownGuardrail): string {
  const rows = catalogue.filter((each) => facts.rows.includes(each.row))
  const about = [
    ['kind', (is === 'rule' ? kinds : runTimeKinds)[facts.kind]],
    ['limit', describeLimit(facts)],
    ['holds', facts.generations === undefined ? 'in every generation of limits' : `only with \`guardrails: { profile: ${facts.generations.join(' or ')} }\``],
    ['checked', is === 'rule' ? `on project files: \`cdp validate\`, \`plan\`, \`apply\`${plugin === undefined ? '' : `; brought by \`${plugin}\``}` : 'while cdp works, where the record, the graph or the run is seen'],
    ['catalogue', rows.map((each) => `row ${String(each.row)}, \`${each.slug}\`: ${each.limit}${each.consequence === '' ? '' : ` (${each.consequence})`}`).join('; ')],
    ['source', facts.source],
  ]
  return [
    `# guardrail/${facts.id}`,
    `${facts.title}.`,
    table(['', ''], about.map((each) => each.map(cell))),
    facts.why,
    `*What to do:* ${facts.fix}`,
    ...examples(facts.id),
    ...override(facts),
    '[All guardrails](../guardrails.md) · [how they work](../../guide/guardrails.md)',
  ].join('\n\n').concat('\n')
}

function examples(id: string): readonly string[] {
  const folder = join(cases, id)
  if (!existsSync(folder)) return []
  const told = readFileSync(join(folder, 'invalid', 'expected.txt'), 'utf8').trimEnd()
  return ['## Example', 'This breaches it:', ...projectFiles(join(folder, 'invalid')), fenced('text', told), 'This keeps it:', ...projectFiles(join(folder, 'valid'))]
}

function projectFiles(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true }).map(String).filter((each) => each.endsWith('.yaml')).sort()
  return files.map((each) => fenced('yaml', `${files.length === 1 ? '' : `# ${each.replaceAll('\\', '/')}\n`}${readFileSync(join(folder, each), 'utf8').trimEnd()}`))
}

function override({ id, limit, isFixed }: GuardrailFacts): readonly string[] {
  if (isFixed) return ['## Override', 'There is none: it follows from how things work.']
  const number = limit === undefined ? undefined : typeof limit === 'number' ? limit : limit.seed
  const another = number === undefined ? [] : [`    ${id}: { limit: ${String(number === 0 ? 1 : number * 2)}, reason: "agreed with operations, 2026-11" }`]
  const off = `${number === undefined ? '    ' : '    # or: '}${id}: { off: true, reason: "not needed here, 2026-11" }`
  return ['## Override', 'In `cdp.yaml`, or in a sandbox; the reason is shown in every plan.', fenced('yaml', ['guardrails:', '  overrides:', ...another, off].join('\n'))]
}

const intro = `# Guardrails

What Adobe documents as limits of its B2B pattern, row by row, and what becomes of each here. Written by \`npm run docs:guardrails\` from
[the catalogue](../../packages/core/src/1-project/guardrails/catalogue.ts), the guardrails and their cases; \`cdp explain guardrail/<id>\` (or the name in the
second column) shows the same. [How guardrails work](../guide/guardrails.md): generations, overrides, sandboxes, several projects.

Adobe states its limits as guidance, not as service levels, and licences may say otherwise: every limit can be overridden, with a reason that every plan shows.

\`\`\`yaml
guardrails:
  profile: seed                       # limits of 2021 (the default); adobe-2025: those of the later architecture; none: no limits
  overrides:
    streaming-audiences: { limit: 800, reason: "sized for it, 2026-11" }
    no-nurture: { off: true, reason: "sales asked for it, CDP-112" }
\`\`\`

- **hard** is an error: the plan fails. **soft**, **latency** and **advisory** warn.
- *checked*: on project files, before anything runs. *while it works*: on records, graphs and runs; what breaches a hard one is refused with its code, and the run goes on.
- A limit in parentheses holds with \`profile: adobe-2025\`.

`

function toTablePage(): string {
  const rows = catalogue.map((row) => [String(row.row), `\`${row.slug}\``, row.scope, cell(row.limit), row.kind, cell(treatmentOf(row)), row.sources.join(' ')])
  const pages = Object.entries(sources).map(([key, name]) => [key, name])
  return [intro.trimEnd(), table(['#', 'guardrail', 'scope', "Adobe's limit", 'kind', 'here', 'source'], rows), '## Sources', table(['key', 'page'], pages)].join('\n\n').concat('\n')
}

function treatmentOf({ treatment }: CatalogueRow): string {
  switch (treatment.is) {
    case 'rule':
      return `checked: ${linkTo(treatment.id)}${treatment.plugin === undefined ? '' : ` by \`${treatment.plugin}\``}${inShort(treatment.id)}`
    case 'run-time':
      return `while it works: ${linkTo(treatment.id)}${inShort(treatment.id)}`
    case 'advisory':
      return `to know: ${treatment.because}`
    case 'not-applicable':
      return `not applicable: ${treatment.because}`
    case 'by-construction':
      return `by construction: ${treatment.because}`
  }
}

function linkTo(id: string): string {
  return allGuardrails.some((each) => each.facts.id === id) ? `[${id}](guardrails/${id}.md)` : id
}

/** ` · 20 (5) relations · only adobe-2025` */
function inShort(id: string): string {
  const facts = allGuardrails.find((each) => each.facts.id === id)?.facts
  if (!facts) return ' (not checked yet)'
  const { limit, unit } = facts
  const number = limit === undefined ? '' : typeof limit === 'number' ? thousands(limit) : `${thousands(limit.seed)} (${thousands(limit['adobe-2025'])})`
  const parts = [number === '' ? '' : `${number}${unit === undefined ? '' : ` ${unit}`}`, facts.generations === undefined ? '' : `only ${facts.generations.join(', ')}`]
  return parts.filter((each) => each !== '').map((each) => ` · ${each}`).join('')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
