// A document as one sandbox sees it: overlays merged in, variables put in, and still the place of every value.
import { type Json, type JsonObject, isJsonObject } from '../kernel/json.js'
import type { Span } from '../kernel/span.js'
import type { Path, SourceDocument } from './read.js'

/** Where a part of a value comes from, when not from the document itself. */
export interface OverlaidPart {
  readonly path: Path
  readonly document: SourceDocument
  /** Path of the same part in the sandbox document. */
  readonly writtenAt: Path
}

export class Placed<Written = JsonObject> {
  constructor(readonly document: SourceDocument, readonly value: Written, readonly overlaid: readonly OverlaidPart[] = []) {}

  with<Other>(value: Other, overlaid: readonly OverlaidPart[] = this.overlaid): Placed<Other> {
    return new Placed(this.document, value, overlaid)
  }

  spanOf(path: Path): Span {
    const { document, at } = this.written(path)
    return document.spanOf(at)
  }

  keySpanOf(path: Path): Span {
    const { document, at } = this.written(path)
    return document.keySpanOf(at)
  }

  spanInText(path: Path, range: { readonly from: number; readonly to: number }): Span {
    const { document, at } = this.written(path)
    return document.spanInText(at, range)
  }

  /** The last overlay that wrote the part, or the document itself. */
  written(path: Path): { readonly document: SourceDocument; readonly at: Path } {
    const overlay = [...this.overlaid].reverse().find((each) => startsWith(path, each.path))
    return overlay ? { document: overlay.document, at: [...overlay.writtenAt, ...path.slice(overlay.path.length)] } : { document: this.document, at: path }
  }
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((each, index) => String(each) === String(path[index]))
}

/** JSON Merge Patch (RFC 7396): maps merge, everything else replaces, null removes. */
export function mergePatch(value: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  const base: JsonObject = isJsonObject(value) ? value : {}
  const kept = Object.entries(base).filter(([key]) => patch[key] !== null)
  const merged = Object.entries(patch).filter(([, each]) => each !== null).map(([key, each]) => [key, mergePatch(base[key] ?? null, each)] as const)
  return Object.fromEntries([...kept, ...merged])
}

/** The leaves of a patch: the parts that it writes. */
export function leavesOf(patch: Json, path: Path = []): readonly Path[] {
  if (!isJsonObject(patch) || Object.keys(patch).length === 0) return [path]
  return Object.entries(patch).flatMap(([key, each]) => leavesOf(each, [...path, key]))
}
