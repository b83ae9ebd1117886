// Lineage as a diagram: Mermaid (GitHub and GitLab draw it where it stands in a page) and DOT (Graphviz).
import type { Lineage, LineageNode } from '../daemon/lineage.js'

export function renderMermaid({ nodes, edges }: Lineage): string {
  const ids = toIds(nodes)
  const shown = nodes.map((each) => `  ${ids.get(each.id) ?? ''}${shapes[each.kind].join(mermaidText(labelOf(each)))}`)
  const arrows = edges.map(({ from, to, label }) => `  ${ids.get(from) ?? ''} -->${label === undefined ? '' : `|${mermaidText(label)}|`} ${ids.get(to) ?? ''}`)
  return ['flowchart LR', ...shown, ...arrows, ''].join('\n')
}

const shapes: Readonly<Record<LineageNode['kind'], readonly [open: string, close: string]>> = {
  source: ['[(', ')]'], stream: ['(', ')'], entity: ['[', ']'], segment: ['{{', '}}'], destination: ['[/', '/]'],
}

/** Letters, digits and underscores: what every version takes. */
function toIds(nodes: readonly LineageNode[]): ReadonlyMap<string, string> {
  const taken = new Set<string>()
  return new Map(nodes.map(({ id }) => {
    const plain = id.replaceAll(/[^A-Za-z0-9]/g, '_')
    let unique = plain
    for (let count = 2; taken.has(unique); count++) unique = `${plain}_${String(count)}`
    taken.add(unique)
    return [id, unique]
  }))
}

// Mermaid has entities and no backslashes. What begins like a list (`1. `, `- `) would be taken for Markdown.
function mermaidText(text: string): string {
  const escaped = onOneLine(text).replaceAll(/["#&<>`\\]/g, entity).replace(/^(\d+)\.(?= )/, '$1#46;').replace(/^[-*+](?= )/, entity)
  return `"${escaped}"`
}

function entity(character: string): string {
  return `#${String(character.codePointAt(0))};`
}

export function renderDot({ nodes, edges }: Lineage): string {
  const shown = nodes.map((each) => `  ${dotText(each.id)} [label=${dotText(labelOf(each))}, shape=${dotShapes[each.kind]}]`)
  const arrows = edges.map(({ from, to, label }) => `  ${dotText(from)} -> ${dotText(to)}${label === undefined ? '' : ` [label=${dotText(label)}]`}`)
  return ['digraph lineage {', '  rankdir=LR', ...shown, ...arrows, '}', ''].join('\n')
}

const dotShapes: Readonly<Record<LineageNode['kind'], string>> = { source: 'cylinder', stream: 'oval', entity: 'box', segment: 'hexagon', destination: 'parallelogram' }

/** A backslash would begin an escape sequence of a label (`\N` is the node's name). */
function dotText(text: string): string {
  return `"${onOneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function labelOf({ name, detail }: LineageNode): string {
  return detail === undefined ? name : `${name} · ${detail}`
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
