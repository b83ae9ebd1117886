// An expression that is in no file, as a segment of the project: for trying an idea with `cdp preview --expression`.
import { type Checked, DiagnosticLog } from '../kernel/diagnostic.js'
import { toRegistry } from '../plugins/registry.js'
import { Placed } from './placed.js'
import type { Project, Segment } from './project.js'
import { parseDocuments } from './read.js'
import { resolveSegment } from './resolve-segments.js'
import type { WrittenSegment } from './written.js'

export function resolveAdHocSegment(project: Project, written: { readonly expression: string; readonly entity: 'person' | 'account' }): Checked<Segment> {
  const log = new DiagnosticLog()
  const [document] = parseDocuments({ file: '--expression', text: JSON.stringify({ expression: written.expression }) }, log)
  if (!document) return { ok: false, problems: log.sorted() }
  const known = project.segments.map((each) => new Placed<WrittenSegment>(document, each))
  const placed = new Placed<WrittenSegment>(document, { name: '', ...written })
  const segment = resolveSegment(placed, {
    entities: project.entities, registry: toRegistry([]), secrets: { has: () => true }, sandbox: project.sandbox.name, vars: project.sandbox.vars, log,
    safety: {}, segments: known, destinationNames: [],
  })
  return log.checked(() => segment)
}
