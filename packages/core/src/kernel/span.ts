// A place in a file that a person wrote. Lines and columns count from 1, as editors show them.

export interface Position {
  readonly line: number
  readonly column: number
}

export interface Span {
  /** Path relative to the project folder, with forward slashes. */
  readonly file: string
  readonly from: Position
  /** Exclusive end; equal to `from` when only a point is known. */
  readonly to: Position
  /** The whole text, when it is in no file: what was given on the command line. */
  readonly source?: string
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column
}
