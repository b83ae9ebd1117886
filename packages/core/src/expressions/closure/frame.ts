// Variables in scope. A frame inherits from the one around it, the outermost from nothing, so that any name is just a name.

export type Frame = Record<string, unknown>

export function frameIn(outer: Frame | null): Frame {
  return Object.create(outer) as Frame
}
