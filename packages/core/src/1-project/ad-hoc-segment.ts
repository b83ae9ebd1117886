// An expression that is in no file, as a segment of the project: for trying an idea with `cdp preview --expression`.
import { toRootShapes } from '../expressions/root-shape.js'
import { type Checked, DiagnosticLog } from '../kernel/diagnostic.js'
import type { Position, Span } from '../kernel/span.js'
import { toRegistry } from '../plugins/registry.js'
import { Placed } from './placed.js'
import type { Project, Segment } from './project.js'
import type { SourceDocument } from './read.js'
import { resolveSegment } from './resolve-segments.js'
import type { WrittenSegment } from './written.js'

export function resolveAdHocSegment(project: Project, written: { readonly expression: string; readonly entity: 'person' | 'account' }): Checked<Segment> {
  const log = new DiagnosticLog()
  const document = new GivenExpression(written.expression)
  const known = project.segments.map((each) => new Placed<WrittenSegment>(document, each))
  const placed = new Placed<WrittenSegment>(document, { name: '', ...written })
  const segment = resolveSegment(placed, {
    entities: project.entities, registry: toRegistry([]), secrets: { has: () => true }, sandbox: project.sandbox.name, vars: project.sandbox.vars, log,
    safety: {}, segments: known, destinationNames: [], shapes: toRootShapes(project.entities), tellsMeaning: true,
  })
  return log.checked(() => segment)
}

/** The expression as a document of its own: places count from its first character. */
class GivenExpression implements SourceDocument {
  readonly file = '--expression'
  readonly value

  constructor(private readonly text: string) {
    this.value = { expression: text }
  }

  spanOf(): Span {
    return this.spanInText([], { from: 0, to: this.text.length })
  }

  keySpanOf(): Span {
    return this.spanOf()
  }

  spanInText(_path: readonly unknown[], { from, to }: { readonly from: number; readonly to: number }): Span {
    return { file: this.file, from: this.position(from), to: this.position(to), source: this.text }
  }

  private position(offset: number): Position {
    const before = this.text.slice(0, offset)
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
  }
}
