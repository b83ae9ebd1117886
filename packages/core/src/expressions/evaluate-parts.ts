// Parts of an expression, evaluated by themselves on one document: each becomes a closure of its own.
import type { JsonObject } from '../kernel/json.js'
import { toClosure } from './closure/to-closure.js'
import type { Evaluate } from './explain-clauses.js'
import type { Bindings } from './expression.js'

export function evaluateParts(document: JsonObject, bindings: Bindings, text: string): Evaluate {
  return (part) => {
    const closed = toClosure(part, text)
    return closed.accepted ? closed.closure.evaluate(document, bindings) : { declined: closed.reason }
  }
}
