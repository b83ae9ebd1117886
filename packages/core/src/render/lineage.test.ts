import assert from 'node:assert/strict'
import { fromDot } from 'ts-graphviz'
import type { Lineage, LineageNode } from '../daemon/lineage.js'
import { renderDot, renderMermaid } from './lineage.js'

/** What people call audiences, and what diagrams take for something else. */
const texts = ['plain', 'a"b', '`code`', '<b>bold</b>', 'A & B', 'back\\slash\\', '#35;', '1. first', '- dash', '日本語 🦊', 'ü|pipe', '[br](ack){et}', 'end', "it's", 'a;b', '%% c', 'line\nbreak', '**md**', ':::x', 'a-->b', '\\N \\G', '{"a": "}"}']
const kinds: readonly LineageNode['kind'][] = ['source', 'stream', 'entity', 'segment', 'destination']
const nodes = texts.map((text, index): LineageNode => ({ id: `Node/${String(index)}.${text}`, kind: kinds[index % kinds.length] ?? 'entity', name: text, ...(index % 2 === 0 ? {} : { detail: 'batch' }) }))
const odd: Lineage = { nodes, edges: texts.map((label, index) => ({ from: nodes[index]?.id ?? '', to: nodes[(index + 1) % nodes.length]?.id ?? '', kind: 'has', ...(index === 0 ? {} : { label }) })) }
const onOneLine = (text: string): string => text.replaceAll('\n', ' ')
const labels = nodes.map(({ name, detail }) => onOneLine(detail === undefined ? name : `${name} · ${detail}`))

describe('renderDot', () => {
  it('is read by a parser of DOT as what it was made of, whatever the names', () => {
    const graph = fromDot(renderDot(odd))
    // The parser leaves escaped backslashes to whoever draws.
    const text = (value: unknown): string => String(value).replaceAll('\\\\', '\\')
    assert.deepEqual(graph.nodes.map((each) => text(each.attributes.get('label'))), labels)
    assert.deepEqual(graph.edges.map((each) => each.attributes.get('label')).map((each) => (each === undefined ? undefined : text(each))), [undefined, ...texts.slice(1).map(onOneLine)])
    assert.deepEqual([...new Set(graph.nodes.map((each) => each.attributes.get('shape')))], ['cylinder', 'oval', 'box', 'hexagon', 'parallelogram'])
  })
})

// Mermaid's own parser needs a browser's document, so its grammar is read here as far as we use it; version 11 of it took this very diagram.
describe('renderMermaid', () => {
  const node = /^ {2}(?<id>\w+)(?:\[\("(?<source>[^"]*)"\)\]|\("(?<stream>[^"]*)"\)|\["(?<entity>[^"]*)"\]|\{\{"(?<segment>[^"]*)"\}\}|\[\/"(?<destination>[^"]*)"\/\])$/
  const edge = /^ {2}(?<from>\w+) -->(?:\|"(?<label>[^"]*)"\|)? (?<to>\w+)$/
  const decoded = (text = ''): string => {
    assert.doesNotMatch(text, /[<>`\\&]|^\d+\. |^[-*+] |#(?!\d+;)/)
    return text.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
  }

  it('has a line for each node with its shape and a line for each edge, and every label can be read back', () => {
    const [first, ...lines] = renderMermaid(odd).trimEnd().split('\n')
    const drawn = lines.slice(0, nodes.length).map((line) => ({ ...(node.exec(line)?.groups ?? assert.fail(line)) }))
    const arrows = lines.slice(nodes.length).map((line) => ({ ...(edge.exec(line)?.groups ?? assert.fail(line)) }))
    assert.equal(first, 'flowchart LR')
    assert.deepEqual(drawn.map((each, index) => decoded(each[kinds[index % kinds.length] ?? ''])), labels)
    assert.deepEqual(arrows.map((each) => each['label']).map((each) => (each === undefined ? undefined : decoded(each))), [undefined, ...texts.slice(1).map(onOneLine)])
    const ids = drawn.map((each) => each['id'])
    assert.deepEqual([new Set(ids).size, arrows.map((each) => each['from']), arrows.map((each) => each['to'])], [nodes.length, ids, [...ids.slice(1), ids[0]]])
  })

  it('keeps apart what differs only in signs', () => {
    const twins = ['Segment/a-b', 'Segment/a.b', 'Segment/a_b'].map((id): LineageNode => ({ id, kind: 'entity', name: id }))
    assert.deepEqual(renderMermaid({ nodes: twins, edges: [] }).match(/^ {2}\w+/gm), ['  Segment_a_b', '  Segment_a_b_2', '  Segment_a_b_3'])
  })
})
