import assert from 'node:assert/strict'
import { readSourceFiles } from './source-files.js'

const core = readSourceFiles('packages/core/src')

const layers = ['kernel', 'entities', 'expressions', 'stores', 'matching', 'plugins', '1-project', '2-plan', '3-apply', '4-ingest', '5-profiles', '6-segments', '7-activation', 'daemon', 'render', 'http', 'compose.ts', 'commands']
const artifacts = new Set(['1-project/project.ts', '2-plan/plan.ts', '2-plan/applied.ts', '4-ingest/batch.ts', '5-profiles/profile.ts', '6-segments/membership.ts', '7-activation/delivery.ts'])

const layerOf = (path: string): string => path.split('/')[0] ?? path
const isStage = (layer: string): boolean => /^\d-/.test(layer)
// The library's front page and the published testing kit show things of every layer; of the code only `cdp plugins test` imports them.
const isFrontPage = (path: string): boolean => path === 'index.ts' || layerOf(path) === 'testing'

const edges = core.filter((file) => !isFrontPage(file.path)).flatMap((file) => file.imports.filter((each) => each.isRelative).map((each) => ({ from: file.path, to: each.to })))
const shown = (list: readonly { readonly from: string; readonly to: string }[]): readonly string[] => list.map((each) => `${each.from} → ${each.to}`)

describe('layers', () => {
  it('every folder has its place in the order', () => {
    const unknown = core.map((file) => layerOf(file.path)).filter((layer) => !layers.includes(layer) && !['index.ts', 'testing'].includes(layer))
    assert.deepEqual([...new Set(unknown)], [])
  })

  it('an import never points up', () => {
    const up = edges.filter(({ from, to }) => layers.indexOf(layerOf(to)) > layers.indexOf(layerOf(from)))
    assert.deepEqual(shown(up), [])
  })

  it('numbers only look back, and only at artifacts', () => {
    const wrong = edges.filter(({ from, to }) => isStage(layerOf(from)) && isStage(layerOf(to)) && layerOf(from) !== layerOf(to) && !artifacts.has(to))
    assert.deepEqual(shown(wrong), [])
  })

  it('tools do not know the journey', () => {
    const wrong = edges.filter(({ from, to }) => layers.indexOf(layerOf(from)) < layers.indexOf('1-project') && isStage(layerOf(to)))
    assert.deepEqual(shown(wrong), [])
  })

  it('doors use a stage by its index or its artifact', () => {
    const wrong = edges.filter(({ from, to }) => ['commands', 'daemon', 'http', 'compose.ts'].includes(layerOf(from)) && isStage(layerOf(to)) && !artifacts.has(to) && !/^[^/]+\/index\.ts$/.test(to))
    assert.deepEqual(shown(wrong), [])
  })

  it('only commands import compose, and nobody imports the commands', () => {
    const wrong = edges.filter(({ from, to }) => (to === 'compose.ts' && layerOf(from) !== 'commands') || (layerOf(to) === 'commands' && layerOf(from) !== 'commands'))
    assert.deepEqual(shown(wrong), [])
  })

  it('files do not import each other in a circle', () => {
    assert.deepEqual(findCycle(new Map(core.map((file) => [file.path, file.imports.filter((each) => each.isRelative).map((each) => each.to)]))), [])
  })
})

function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const visit = (node: string, trail: readonly string[]): readonly string[] => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node]
    if (done.has(node)) return []
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...trail, node])
      if (cycle.length > 0) return cycle
    }
    done.add(node)
    return []
  }
  for (const node of graph.keys()) {
    const cycle = visit(node, [])
    if (cycle.length > 0) return cycle
  }
  return []
}
